import { z } from 'zod';
import { FaultError } from '../../../kernel/fault.ts';
import { defineAction } from '../define-action.ts';

/** Stops a service on purpose: nobody is alerted and nothing starts it again but a person. */
export const action = defineAction({
  id: 'stop_service',
  title: 'Stop',
  description:
    'Ends a service on purpose: nobody is alerted, and only a person starts it again. Proven by its process being gone.',
  params: z.strictObject({}),
  guarded: false,
  timeoutMs: 330_000,
  lock: (target) => `service:${target}`,
  risk: ({ service }) => (service?.identity ? 'disruptive' : 'reversible'),
  riskAtMost: 'disruptive',
  plan: () => ['Mark it as stopped on purpose', 'Ask its whole process tree to end; kill what stays'],
  precheck: ({ services, target }) =>
    services.look(target)?.supervised ? null : 'Vigiles did not start it and does not stop it',
  async perform(context) {
    const done = await context.services.stop(context.target, context);
    if (!done.ok) throw new FaultError(done.fault);
  },
  verify: async ({ services, target }) => (services.look(target)?.identity ? 'not_fixed' : 'fixed'),
});
