import { z } from 'zod';
import { FaultError } from '../../../kernel/fault.ts';
import { readProcess, sameProcess, type ProcessIdentity } from '../../../platform/process/index.ts';
import { defineAction } from '../define-action.ts';

const newInstance = 'instance';

/** Whether this very process holds more memory than that, read now. */
function isOver(identity: ProcessIdentity, limitMb: number | undefined): boolean {
  if (limitMb === undefined) return false;
  const info = readProcess(identity.pid);
  return info !== null && sameProcess(info.identity, identity) && info.rssBytes > limitMb * 2 ** 20;
}

/** Ends a service's whole process tree, if it lives, and starts it anew. */
export const action = defineAction({
  id: 'restart_service',
  title: 'Restart',
  description:
    'Ends a service with everything it started and starts it anew. Proven by healthy looks at the new process that last.',
  params: z.strictObject({
    force: z.boolean().default(false).meta({ description: 'Also when it looks healthy.' }),
    over_memory_mb: z.number().min(64).optional().meta({
      description: 'Also when it looks healthy, if its process still holds more than this.',
    }),
  }),
  guarded: true,
  timeoutMs: 120_000,
  lock: (target) => `service:${target}`,
  // Nothing is lost by restarting what is dead; a live one may be serving somebody.
  risk: ({ service }) => (service?.identity ? service.restartRisk : 'reversible'),
  riskAtMost: 'disruptive',
  plan({ services, target }) {
    const view = services.look(target);
    const steps: string[] = [];
    if (view?.identity) {
      steps.push(`Ask process ${view.identity.pid} and everything it started to end; kill what stays`);
    }
    for (const stale of services.findStale(target)) {
      steps.push(`End left-over process ${stale.identity.pid} (${stale.proof})`);
    }
    return [...steps, 'Start the command again', 'Wait for healthy looks at the new process'];
  },
  precheck({ services, target, params, automatic }) {
    const view = services.look(target);
    if (!view) return 'there is no such service any more';
    if (!view.supervised) return 'Vigiles did not start it and has no command for it';
    // Whatever a model or a log line says: only a person may end what is healthy (hermes-agent#7213).
    const forced = params.force && !automatic;
    if (forced || !view.healthy || !view.identity) return null;
    return isOver(view.identity, params.over_memory_mb) ? null : 'it is healthy again';
  },
  async perform(context) {
    const done = await context.services.restart(context.target, context);
    if (!done.ok) throw new FaultError(done.fault);
    context.memory.set(newInstance, done.value);
  },
  async verify({ services, target, memory, signal }) {
    const instance = memory.get(newInstance) as ProcessIdentity | undefined;
    const seen = await services.awaitHealthy(target, instance ?? null, signal);
    return seen === 'healthy' ? 'fixed' : seen === 'unhealthy' ? 'not_fixed' : 'unknown';
  },
  steady({ services, target, memory }) {
    const instance = memory.get(newInstance) as ProcessIdentity | undefined;
    const view = services.look(target);
    if (!view) return false;
    // Stopped on purpose, or replaced by somebody: nothing is wrong with what was done.
    if (view.state === 'STOPPED_BY_USER' || view.state === 'MAINTENANCE') return true;
    const same = !instance || sameProcess(view.identity, instance);
    return same && view.state !== 'DOWN' && view.state !== 'RECOVERING';
  },
});
