import type { FailureCause } from '@vigiles/contract';

/** When a cause opens the circuit, and for how long. */
export interface CauseRule {
  /** Failures in a row that open it. */
  opensAt: number;
  /** The first time; each further opening doubles it up to `maxMs`. */
  coolMs: number;
  maxMs: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** One busy answer is proof enough; a server error may be an accident. */
export const causeRules: Record<FailureCause, CauseRule> = {
  'rate-limited': { opensAt: 1, coolMs: 5 * SECOND, maxMs: 2 * MINUTE },
  overloaded: { opensAt: 1, coolMs: 3 * SECOND, maxMs: MINUTE },
  server: { opensAt: 3, coolMs: 30 * SECOND, maxMs: 5 * MINUTE },
  timeout: { opensAt: 2, coolMs: 30 * SECOND, maxMs: 5 * MINUTE },
  connection: { opensAt: 2, coolMs: 5 * SECOND, maxMs: MINUTE },
  auth: { opensAt: 1, coolMs: MINUTE, maxMs: 10 * MINUTE },
  quota: { opensAt: 1, coolMs: MINUTE, maxMs: 10 * MINUTE },
  'not-found': { opensAt: 1, coolMs: 5 * MINUTE, maxMs: 10 * MINUTE },
};

/** A provider may name a day; accounts are topped up sooner, so it is tried again after this long at the latest. */
export const LONGEST_NAMED_MS = 10 * MINUTE;

/** Failures that are further apart than this are not "in a row". */
export const FORGET_MS = 10 * MINUTE;

/** How long one turn may try a provider out before another may. */
export const PROBE_MS = 30 * SECOND;

/** When to come back while another turn is trying the provider out. */
export const PROBING_RETRY_MS = SECOND;

/** Shorter pauses are everyday life and not worth an event. */
export const ANNOUNCE_MS = 10 * SECOND;
