/** Four buckets for each doubling: a value is known to within a tenth. */
const PER_DOUBLING = 4;
const LAST = 100;

/** The bucket of a latency in milliseconds. */
export const latencyBucket = (ms: number): number =>
  ms <= 1 ? 0 : Math.min(LAST, Math.ceil(Math.log2(ms) * PER_DOUBLING));

/** The median of counted buckets, in milliseconds; null where nothing was counted. */
export function medianLatency(counts: ReadonlyMap<number, number>): number | null {
  let total = 0;
  for (const count of counts.values()) total += count;
  if (total === 0) return null;
  let before = 0;
  for (const bucket of [...counts.keys()].toSorted((a, b) => a - b)) {
    before += counts.get(bucket) ?? 0;
    if (before * 2 >= total) return Math.round(2 ** ((bucket - 0.5) / PER_DOUBLING) * 10) / 10;
  }
  return null;
}
