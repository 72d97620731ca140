const firstMs = 100;
const mostMs = 10_000;

/**
 * How long to wait before try number `attempt` (0 is the first repetition): doubled each time up to ten seconds, with
 * half of it left to chance, so that many clients do not come back at the same moment. Pure.
 * @param random 0 to 1
 * @param askedMs what the server asked for; never less than that
 */
export function backoffMs(attempt: number, random: number, askedMs: number | null = null): number {
  const full = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20));
  return Math.max(askedMs ?? 0, full / 2 + (full / 2) * random);
}
