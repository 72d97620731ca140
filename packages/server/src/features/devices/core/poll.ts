/** Seconds between two polls, RFC 8628 §3.2; each poll that comes too early adds as much (§3.5). */
export const pollIntervalS = 5;
/** It grows no further: a client that never slowed down still gets its answer now and then. */
const longestIntervalS = 30;
/** A network is not a clock: a poll may be this much early. */
const graceMs = 500;

export interface PollPace {
  intervalS: number;
  /** When the next poll may come, UTC milliseconds. */
  nextPollAt: number;
}

/**
 * Whether a poll comes too early, and the pace from now on. The wait is counted from the last poll that was answered, never
 * from one that was refused: whoever slows down is answered at once, and nobody is refused for ever.
 */
export function judgePoll(pace: PollPace, nowMs: number): { early: boolean; pace: PollPace } {
  if (nowMs >= pace.nextPollAt - graceMs)
    return { early: false, pace: { ...pace, nextPollAt: nowMs + pace.intervalS * 1000 } };
  const answeredAt = pace.nextPollAt - pace.intervalS * 1000;
  const intervalS = Math.min(longestIntervalS, pace.intervalS + pollIntervalS);
  return { early: true, pace: { intervalS, nextPollAt: answeredAt + intervalS * 1000 } };
}
