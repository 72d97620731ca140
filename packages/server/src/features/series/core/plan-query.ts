/** How finely a question is answered. */
export interface QueryPlan {
  level: 'raw' | '1m' | '1h' | '1d';
  /** UTC ms of the first bucket: a multiple of the step. */
  start: number;
  stepMs: number;
  buckets: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that people can read off an axis. */
const steps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 4, 7, 14, 28].map((count) => count * day),
];

const units = { raw: 1, '1m': minute, '1h': hour, '1d': day } as const;
const coarseFirst = ['1d', '1h', '1m', 'raw'] as const;

/** Of every sample at most so much time is read: decoding a week of them for one picture would take too long. */
const longestRawMs = 2 * day;

/**
 * Chooses the step, and the coarsest level that can draw it; where that level does not go back far enough, the
 * finest of the coarser ones that does.
 * @param reach oldest time each level has, UTC ms; Infinity where it has nothing
 */
export function planQuery(
  from: number,
  to: number,
  points: number,
  reach: Readonly<Record<QueryPlan['level'], number>>,
): QueryPlan {
  const wanted = (to - from) / points;
  const nice = steps.find((step) => step >= wanted) ?? Math.ceil(wanted / (28 * day)) * 28 * day;
  const oldest = Math.min(...Object.values(reach));
  // A month's file covers the whole month: what is older than everything is a gap at every level.
  const needed = Math.max(from, oldest);
  const fits = (level: QueryPlan['level']) =>
    reach[level] <= needed && (level !== 'raw' || to - from <= longestRawMs);
  const level =
    coarseFirst.find((each) => units[each] <= nice && fits(each)) ??
    coarseFirst.toReversed().find((each) => units[each] > nice && fits(each)) ??
    coarseFirst.find((each) => units[each] <= nice) ??
    'raw';
  const unit = units[level];
  const stepMs = Math.max(nice, unit);
  const start = Math.floor(from / stepMs) * stepMs;
  return { level, start, stepMs, buckets: Math.max(1, Math.ceil((to - start) / stepMs)) };
}
