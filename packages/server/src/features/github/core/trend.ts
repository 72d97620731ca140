const dayMs = 86_400_000;

/** Counts by day (UTC), oldest first; the last one is the day of `now`. */
export function countByDay(times: readonly number[], now: number, days: number): number[] {
  const counts = Array.from({ length: days }, () => 0);
  const today = Math.floor(now / dayMs);
  for (const time of times) {
    const at = days - 1 - (today - Math.floor(time / dayMs));
    if (at >= 0 && at < days) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** The later half against the earlier one; a difference of one is no trend. */
export function trendOf(counts: readonly number[]): 'rising' | 'steady' | 'falling' {
  const half = Math.floor(counts.length / 2);
  const sum = (part: readonly number[]) => part.reduce((all, one) => all + one, 0);
  const before = sum(counts.slice(0, half));
  const after = sum(counts.slice(counts.length - half));
  if (after >= before * 1.5 && after - before >= 2) return 'rising';
  if (before >= after * 1.5 && before - after >= 2) return 'falling';
  return 'steady';
}
