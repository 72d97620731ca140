import { z } from 'zod';
import { FaultError } from '../../../kernel/fault.ts';
import type { ProcessIdentity } from '../../../platform/process/index.ts';
import { defineAction } from '../define-action.ts';

/** Starts a service that does not run. */
export const action = defineAction({
  id: 'start_service',
  title: 'Start',
  description: 'Starts a service that does not run. Proven by healthy looks at the new process.',
  params: z.strictObject({}),
  guarded: false,
  timeoutMs: 60_000,
  lock: (target) => `service:${target}`,
  risk: () => 'reversible',
  plan: () => ['Start the command', 'Wait for healthy looks at the new process'],
  precheck({ services, target }) {
    const view = services.look(target);
    if (!view?.supervised) return 'Vigiles has no command for it';
    return view.identity ? 'it runs already' : null;
  },
  async perform(context) {
    const done = await context.services.start(context.target, context);
    if (!done.ok) throw new FaultError(done.fault);
    context.memory.set('instance', done.value);
  },
  async verify({ services, target, memory, signal }) {
    const instance = memory.get('instance') as ProcessIdentity | undefined;
    const seen = await services.awaitHealthy(target, instance ?? null, signal);
    return seen === 'healthy' ? 'fixed' : seen === 'unhealthy' ? 'not_fixed' : 'unknown';
  },
});
