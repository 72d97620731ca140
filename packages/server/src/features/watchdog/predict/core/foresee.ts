import { trendOf, type Point } from './trend.ts';

/** When a series is expected to reach its limit. Milliseconds from its last point. */
export interface Foresight {
  timeLeftMs: number;
  earliestMs: number;
  /** Null: it may never get there. */
  latestMs: number | null;
  confidence: number;
  /** Where the line is now. */
  value: number;
}

/** What counts as a trend. */
export interface ForeseeRules {
  /** The limit that is rising towards. */
  limit: number;
  /** Further away is nobody's concern yet. */
  horizonMs: number;
  /** Shorter spans say nothing. */
  minSpanMs: number;
  /** The rise over the span has to be at least this share of the value: less is drift. */
  minRise: number;
}

/** A fall from here may have been the failure itself. */
const nearLimit = 0.9;
const beyondPeak = 1.15;
const minConfidence = 0.6;
/** One of five parts of the span may fall. */
const minSteady = 0.75;

/**
 * Foresees a limit that is reached. Nothing for what is flat, falls, swings back as after a collection of garbage or over a
 * day, or strays more than it rises. The longest stretch without a fall back counts: a restart begins anew.
 */
export function foresee(points: readonly Point[], rules: ForeseeRules): Foresight | null {
  const { limit, horizonMs, minSpanMs, minRise } = rules;
  const { recent, peak } = sinceFall(points);
  const first = recent[0];
  const last = recent.at(-1);
  if (!first || !last || last[0] - first[0] < minSpanMs) return null;
  const trend = trendOf(recent);
  if (!trend || trend.slope <= 0 || trend.confidence < minConfidence || trend.steady < minSteady) return null;
  // It was as high before and came down by itself, far from the limit: a saw, not a leak.
  if (peak !== null && peak < limit * nearLimit && trend.level <= peak * beyondPeak) return null;
  const rise = trend.slope * (last[0] - first[0]);
  if (rise < minRise * Math.max(Math.abs(trend.level), 1e-9)) return null;
  // Half of it has to hold for the second half alone: what has levelled off is over.
  const half = trendOf(recent.slice(recent.length >> 1));
  if (half && half.slope < trend.slope / 3) return null;
  const room = Math.max(0, limit - trend.level);
  const timeLeftMs = room / trend.slope;
  if (timeLeftMs > horizonMs) return null;
  return {
    timeLeftMs,
    earliestMs: room / Math.max(trend.high, trend.slope),
    latestMs: trend.low > 0 ? room / trend.low : null,
    confidence: trend.confidence,
    value: trend.level,
  };
}

/**
 * The points after the last time the value fell to less than half of what it was and stayed there: a process that was
 * started again, or a tooth of a saw. Single points, high or low, are no fall.
 */
function sinceFall(points: readonly Point[]): { recent: readonly Point[]; peak: number | null } {
  const middle = (at: number): number =>
    [points[at - 1]?.[1] ?? 0, points[at]?.[1] ?? 0, points[at + 1]?.[1] ?? 0].toSorted((a, b) => a - b)[1] ??
    0;
  let start = 0;
  let peak: number | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = 1; at < points.length - 1; at += 1) {
    const value = middle(at);
    if (highest > 0 && value < highest / 2) {
      start = at;
      peak = Math.max(peak ?? 0, highest);
      highest = value;
    } else if (value > highest) highest = value;
  }
  return { recent: points.slice(start), peak };
}
