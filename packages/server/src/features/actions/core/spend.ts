/** What asking a model by ourselves may cost. Milliseconds and micro-dollars. */
export interface SpendPolicy {
  /** Shortest time between two calls. */
  everyMs: number;
  callsPerDay: number;
  microsPerMonth: number;
}

/** Calls and money so far. Times are on the monotonic clock; the month is `YYYY-MM` in UTC. */
export interface SpendBook {
  /** When calls were made, within the last day. Failed ones count. */
  calls: number[];
  month: string;
  /** Settled in this month. */
  micros: number;
  /** Set aside for calls under way: counted in full until they are settled. */
  held: Record<string, number>;
}

export const newSpendBook = (month: string): SpendBook => ({ calls: [], month, micros: 0, held: {} });

export type SpendVerdict =
  | { allow: true }
  | { allow: false; guard: 'ai_pace' | 'ai_day' | 'ai_month'; reason: string; retryInMs: number | null };

const dayMs = 86_400_000;

const heldMicros = (book: SpendBook): number => Object.values(book.held).reduce((sum, one) => sum + one, 0);

/** What a month's budget has left, with everything that is set aside taken off. */
export const leftMicros = (book: SpendBook, policy: SpendPolicy): number =>
  Math.max(0, policy.microsPerMonth - book.micros - heldMicros(book));

/** A later month starts with nothing spent; a wall clock that was set back does not bring an old one back. */
export const inMonth = (book: SpendBook, month: string): SpendBook =>
  month > book.month ? { ...book, month, micros: 0 } : book;

/** Whether a call that may cost so much is allowed now. */
export function judgeSpend(book: SpendBook, micros: number, now: number, policy: SpendPolicy): SpendVerdict {
  const last = book.calls.at(-1);
  if (last !== undefined && now - last < policy.everyMs) {
    const retryInMs = policy.everyMs - (now - last);
    return {
      allow: false,
      guard: 'ai_pace',
      reason: `one question every ${Math.round(policy.everyMs / 1000)} s`,
      retryInMs,
    };
  }
  const today = book.calls.filter((at) => now - at < dayMs);
  if (today.length >= policy.callsPerDay) {
    const oldest = today.at(-policy.callsPerDay) ?? now;
    const reason = `${policy.callsPerDay} questions a day`;
    return { allow: false, guard: 'ai_day', reason, retryInMs: dayMs - (now - oldest) };
  }
  if (micros > leftMicros(book, policy)) {
    const reason = `$${(policy.microsPerMonth / 1e6).toFixed(2)} a month`;
    return { allow: false, guard: 'ai_month', reason, retryInMs: null };
  }
  return { allow: true };
}

/** Sets the money aside and counts the call: before it is made, so that a crash cannot make it free. */
export const reserveSpend = (book: SpendBook, id: string, micros: number, now: number): SpendBook => ({
  ...book,
  calls: [...book.calls.filter((at) => now - at < dayMs), now],
  held: { ...book.held, [id]: micros },
});

/** What it cost in the end; `null`: nobody knows, so what was set aside stays spent. */
export function settleSpend(book: SpendBook, id: string, micros: number | null): SpendBook {
  const { [id]: reserved, ...held } = book.held;
  return reserved === undefined ? book : { ...book, held, micros: book.micros + (micros ?? reserved) };
}
