import type { Decision, Session } from '@vigiles/contract';

/** What a client is told before the first event of a session. */
export interface Opening {
  /** Null: there is none that it may see; it is waited for. */
  session: Session | null;
  pending: readonly Decision[];
  headSeq: number;
  oldestSeq: number;
  /** What the client has does not join on: it was ahead of the log, or some events between are not kept any more. */
  reset: boolean;
  /** It was too far behind: only what is above this `seq` follows, and `session` stands for the rest. */
  tailFrom: number | null;
  /** What follows is above it. */
  cursor: number;
}

/** There is no session that the client may see. */
export const nothingYet: Opening = {
  session: null,
  pending: [],
  headSeq: 0,
  oldestSeq: 0,
  reset: false,
  tailFrom: null,
  cursor: 0,
};

/** Further behind than this, a client gets the session as it stands and this many of its last events. */
export const longestReplay = 2000;

/**
 * Where a client joins in. Pure.
 * @param lastSeq the last it has; null: only what comes
 * @param full every event since then, however many
 */
export function openingOf(
  session: Session,
  pending: readonly Decision[],
  lastSeq: number | null,
  full: boolean,
): Opening {
  const { head_seq: headSeq, oldest_seq: oldestSeq } = session;
  const ahead = lastSeq !== null && lastSeq > headSeq;
  const reset = ahead || (lastSeq !== null && lastSeq + 1 < oldestSeq);
  const from = lastSeq === null ? headSeq : ahead ? 0 : lastSeq;
  const tailFrom = !full && headSeq - from > longestReplay ? headSeq - longestReplay : null;
  return { session, pending, headSeq, oldestSeq, reset, tailFrom, cursor: tailFrom ?? from };
}
