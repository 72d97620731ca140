/**
 * A bucket may be empty only because samples come more slowly than buckets pass, or a little late. Such a hole is filled
 * in a straight line; where nothing came for longer than `gapMs` it is a gap and stays one.
 * @param values one column of a chart, changed in place
 */
export function fillHoles(values: (number | null)[], stepMs: number, gapMs: number): void {
  let last = -1;
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    const missing = at - last - 1;
    if (last >= 0 && missing > 0 && (at - last) * stepMs <= gapMs) {
      const from = values[last] ?? value;
      for (let hole = last + 1; hole < at; hole += 1)
        values[hole] = from + ((value - from) * (hole - last)) / (at - last);
    }
    last = at;
  }
}

/** How long nothing may come before it counts as a gap: three times the usual pace, at least two buckets. */
export const gapAfter = (paceMs: number | null, stepMs: number): number =>
  paceMs === null ? stepMs : Math.max(3 * paceMs, 2 * stepMs);

/** The usual time between two samples; null for fewer than two. */
export function paceOf(ts: readonly number[]): number | null {
  if (ts.length < 2) return null;
  const gaps = ts.slice(1).map((time, at) => time - (ts[at] ?? 0));
  return gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? null;
}
