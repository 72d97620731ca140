/** A point of a series: time in ms, value. */
export type Point = readonly [at: number, value: number];

/** A straight line through points, with the spread that its slope may have. */
export interface Trend {
  /** Per millisecond. */
  slope: number;
  /** Slopes of the flattest and the steepest that are still likely (16 % and 84 % of all pairs). */
  low: number;
  high: number;
  /** Where the line is at the last point. */
  level: number;
  /** 0 to 1: how much more the line rises over the span than what is seen strays from it. */
  confidence: number;
  /** Share of the parts of the span that lie higher than the part before them; 1: it always rises. */
  steady: number;
}

const parts = 6;

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? 0;
const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );

/**
 * Theil and Sen: the median of the slopes between all pairs, so that no spike and no restart bends the line. Pairs that
 * are closer than a third of the span say only what noise says, and are left out.
 * @param points oldest first; at most a few hundred
 */
export function trendOf(points: readonly Point[]): Trend | null {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || points.length < 12) return null;
  const span = last[0] - first[0];
  if (span <= 0) return null;
  const slopes: number[] = [];
  for (const [at, [time, value]] of points.entries())
    for (let later = at + 1; later < points.length; later += 1) {
      const [then, reached] = points[later] ?? last;
      if (then - time >= span / 3) slopes.push((reached - value) / (then - time));
    }
  if (slopes.length === 0) return null;
  slopes.sort((a, b) => a - b);
  const slope = quantile(slopes, 0.5);
  const level = median(points.map(([time, value]) => value + slope * (last[0] - time)));
  const strays = median(points.map(([time, value]) => Math.abs(value - (level - slope * (last[0] - time)))));
  const rise = Math.abs(slope) * span;
  const middles = Array.from({ length: parts }, (_, part) => {
    const from = first[0] + (span * part) / parts;
    const values = points.flatMap(([time, value]) =>
      time >= from && time <= from + span / parts ? value : [],
    );
    return values.length === 0 ? null : median(values);
  }).filter((value) => value !== null);
  const ups = middles.slice(1).filter((value, at) => value > (middles[at] ?? value)).length;
  return {
    slope,
    low: quantile(slopes, 0.16),
    high: quantile(slopes, 0.84),
    level,
    confidence: rise === 0 ? 0 : rise / (rise + 4 * strays),
    steady: middles.length < 2 ? 0 : ups / (middles.length - 1),
  };
}
