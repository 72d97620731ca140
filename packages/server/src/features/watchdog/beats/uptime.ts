import type { ServiceState } from '@vigiles/contract';

const bucketMs = 300_000;
const bucketCount = 288;

/** Looks that found it up and looks that count, over the last 24 hours, in buckets of five minutes. */
export interface Uptime {
  add(ts: number, state: ServiceState, times?: number): void;
  /** Share from 0 to 1; null when nothing counted. */
  share(now: number): number | null;
}

/** What we could not tell, what was planned and what a person stopped is neither up nor down. */
const counts = new Set<ServiceState>(['UP', 'SUSPECT', 'DOWN', 'RECOVERING']);
const isUp = new Set<ServiceState>(['UP', 'SUSPECT']);

export const countsForUptime = (state: ServiceState): boolean => counts.has(state);
export const foundUp = (state: ServiceState): boolean => isUp.has(state);

export function createUptime(): Uptime {
  // 65,535 looks in five minutes are 218 a second: more than any service has.
  const up = new Uint16Array(bucketCount);
  const all = new Uint16Array(bucketCount);
  const epochs = new Uint32Array(bucketCount);
  return {
    add(ts, state, times = 1) {
      if (!counts.has(state)) return;
      const epoch = Math.floor(ts / bucketMs);
      const at = epoch % bucketCount;
      if (epochs[at] !== epoch) {
        epochs[at] = epoch;
        up[at] = 0;
        all[at] = 0;
      }
      all[at] = (all[at] ?? 0) + times;
      if (isUp.has(state)) up[at] = (up[at] ?? 0) + times;
    },
    share(now) {
      const newest = Math.floor(now / bucketMs);
      let ups = 0;
      let total = 0;
      for (let at = 0; at < bucketCount; at += 1) {
        const epoch = epochs[at] ?? 0;
        if (epoch <= newest - bucketCount || epoch > newest) continue;
        ups += up[at] ?? 0;
        total += all[at] ?? 0;
      }
      return total === 0 ? null : ups / total;
    },
  };
}
