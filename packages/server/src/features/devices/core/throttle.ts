/** At most `max` guesses in `spanMs`, counted from the first one. */
export interface ThrottleRule {
  max: number;
  spanMs: number;
}

export interface ThrottleState {
  startMs: number;
  count: number;
}

/**
 * Counts one guess. A right guess counts like a wrong one and never clears the count: otherwise somebody who
 * owns one valid code could buy himself endless guesses at others.
 */
export function guess(
  state: ThrottleState | undefined,
  rule: ThrottleRule,
  nowMs: number,
): { state: ThrottleState; waitMs: number } {
  const current = state && nowMs - state.startMs < rule.spanMs ? state : { startMs: nowMs, count: 0 };
  if (current.count >= rule.max) return { state: current, waitMs: current.startMs + rule.spanMs - nowMs };
  return { state: { ...current, count: current.count + 1 }, waitMs: 0 };
}
