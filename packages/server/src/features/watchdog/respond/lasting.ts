import type { ActionRun, FaultEntry } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { FaultDetection } from './context.ts';
import type { Episodes } from './episodes.ts';

type Verify = FaultEntry['verify'];

/** For what no entry of the catalogue describes. */
export const quietForAMinute: Verify = { by: 'quiet', quiet_s: 60, timeout_s: 120 };

interface LastingDeps {
  episodes: Episodes;
  clock: Clock;
  detection: FaultDetection | null;
}

/**
 * Whether a fault stays away after something was done about it. `fixed`: it was seen to be over; or the action itself saw that
 * it helped, and nothing of the fault was seen for `quiet_s` since. An action that saw nothing proves nothing by silence alone:
 * `unknown`, unless the fault was seen again, which is `not_fixed`. What the detection does not know of goes on until it is
 * said to be over.
 */
export function createLasting({ episodes, clock, detection }: LastingDeps) {
  return async function lasting(
    value: StoredIncident,
    run: ActionRun,
    verify: Verify,
  ): Promise<'fixed' | 'not_fixed' | 'unknown'> {
    const { fault_id: fault, target } = value.incident;
    const begun = clock.now();
    const until = clock.monotonic() + verify.timeout_s * 1000;
    const proven = run.outcome === 'fixed' && verify.by === 'quiet';
    for (;;) {
      const last = detection && fault !== null ? detection.lastSeen(fault, target) : null;
      const left = until - clock.monotonic();
      const again = last === null || last.lasting || last.at > begun;
      const quiet = last === null ? left : Math.max(begun, last.at) + verify.quiet_s * 1000 - clock.now();
      if (proven && last !== null && quiet <= 0 && !last.lasting) {
        if (fault !== null) detection?.finish(fault, target);
        return 'fixed';
      }
      if (left <= 0) return again ? 'not_fixed' : 'unknown';
      const wait = proven ? Math.max(100, Math.min(left, quiet)) : left;
      if (await episodes.over(value.key, wait)) return 'fixed';
      if (episodes.stopped()) return 'not_fixed';
    }
  };
}
