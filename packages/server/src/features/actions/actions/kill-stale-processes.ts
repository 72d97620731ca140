import { z } from 'zod';
import { killTree } from '../../../platform/process/index.ts';
import { defineAction } from '../define-action.ts';

/** Ends processes that earlier instances of a service left behind. Only what is proven to be ours. */
export const action = defineAction({
  id: 'kill_stale_processes',
  title: 'End left-over processes',
  description:
    'Ends what earlier instances of a service left behind, also a grandchild that kept the port. Only processes that carry the service’s own mark, never by port or name. Proven by none being left.',
  params: z.strictObject({}),
  guarded: true,
  timeoutMs: 30_000,
  lock: (target) => `service:${target}`,
  risk: () => 'reversible',
  plan: ({ services, target }) =>
    services
      .findStale(target)
      .map(({ identity, commandLine, proof }) => `End ${identity.pid} ${commandLine}: ${proof}`),
  precheck: ({ services, target }) =>
    services.findStale(target).length === 0 ? 'no left-over process of ours was found' : null,
  async perform({ services, target, signal, note }) {
    for (const stale of services.findStale(target)) {
      if (signal.aborted) return;
      const report = await killTree(stale.identity, { termTimeoutMs: 2000 });
      note(report.gone ? 'left-over process ended' : 'left-over process could not be ended', {
        pid: stale.identity.pid,
        proof: stale.proof,
        killed: report.killed,
        left: report.left,
      });
    }
  },
  verify: async ({ services, target }) => (services.findStale(target).length === 0 ? 'fixed' : 'not_fixed'),
});
