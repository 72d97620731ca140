import { createBook, type Book, type Reached, type Reservation } from './budget/book.ts';
import type { Claim, Gate, GatePolicy, Grant, Refusal, Used } from './gate.ts';
import { createTurnLimiter, type Taken, type TurnLimiter } from './limits/limiter.ts';
import { turnRules } from './limits/turn-rules.ts';

/** A device that finds all its places taken is told to come back after this long. */
const CONCURRENT_RETRY_MS = 1000;

/** The gate of a gateway that counts by itself: everything is decided in one synchronous step. */
export interface SoloGate extends Gate {
  take(claim: Claim, nowMs: number): Grant | Refusal;
}

interface State {
  book: Book;
  limiter: TurnLimiter;
  /** Open turns by device. */
  open: Map<string, number>;
}

class SoloGrant implements Grant {
  readonly ok = true;
  readonly claim: Claim;
  readonly #taken: Taken;
  readonly #reservation: Reservation | null;
  readonly #state: State;

  constructor(claim: Claim, taken: Taken, reservation: Reservation | null, state: State) {
    this.claim = claim;
    this.#taken = taken;
    this.#reservation = reservation;
    this.#state = state;
  }

  settle({ micros, tokens }: Used, nowMs: number): void {
    this.#leave();
    this.#state.limiter.settle(this.#taken, tokens, nowMs);
    if (this.#reservation) this.#state.book.settle(this.#reservation, micros, nowMs);
  }

  undo(nowMs: number): void {
    this.#leave();
    this.#state.limiter.undo(this.#taken, nowMs);
    if (this.#reservation) this.#state.book.settle(this.#reservation, 0, nowMs);
  }

  #leave(): void {
    const { open } = this.#state;
    const left = (open.get(this.claim.deviceId) ?? 1) - 1;
    if (left > 0) open.set(this.claim.deviceId, left);
    else open.delete(this.claim.deviceId);
  }
}

/** @param onReached told of each threshold of a budget that is passed */
export function createSoloGate(
  policy: GatePolicy,
  nowMs: number,
  onReached: (passed: Reached) => void,
): SoloGate {
  let concurrent = policy.concurrentTurns;
  const state: State = {
    book: createBook(policy.budgets, nowMs, onReached),
    limiter: createTurnLimiter(turnRules(policy.requestsPerMinute, policy.limits)),
    open: new Map(),
  };
  const { book, limiter, open } = state;
  return {
    take(claim, now) {
      const opened = open.get(claim.deviceId) ?? 0;
      if (opened >= concurrent) {
        return { ok: false, why: 'open-turns', limit: concurrent, retryAfterMs: CONCURRENT_RETRY_MS };
      }
      const taken = limiter.take(claim, claim.tokens, now);
      if ('retryAfterMs' in taken) return { ok: false, why: 'limit', ...taken };
      let reservation: Reservation | null = null;
      if (claim.micros > 0) {
        const reserved = book.reserve(claim, claim.micros, now);
        if ('retryAfterMs' in reserved) {
          limiter.undo(taken, now);
          return { ok: false, why: 'budget', ...reserved };
        }
        reservation = reserved;
      }
      open.set(claim.deviceId, opened + 1);
      return new SoloGrant(claim, taken, reservation, state);
    },
    configure(next) {
      concurrent = next.concurrentTurns;
      limiter.configure(turnRules(next.requestsPerMinute, next.limits));
      book.configure(next.budgets);
    },
    fill: (spent, now) => book.fill(spent, now),
    accounts: (now) =>
      book.accounts(now).map((account) => ({
        scope: account.scope,
        name: account.name,
        todayMicros: account.daySpent,
        monthMicros: account.monthSpent,
        todayReservedMicros: account.dayReserved,
        monthReservedMicros: account.monthReserved,
      })),
    limits: (deviceId, now) => limiter.state(deviceId, now),
    sweep: (now) => limiter.sweep(now),
    close: () => Promise.resolve(),
  };
}
