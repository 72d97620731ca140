import type { TurnLimit } from '@vigiles/contract';
import type { OverBudget, Payer } from './budget/book.ts';
import type { BudgetRules, SpentOn } from './budget/budget-rules.ts';
import type { OverLimit } from './limits/limiter.ts';
import type { Caller } from './limits/turn-rules.ts';

/** What a turn asks for before it is sent. */
export interface Claim extends Payer, Caller {
  /** What it may cost; 0: nothing, or nobody knows. */
  micros: number;
  /** What it may read and write. */
  tokens: number;
}

/** What a turn did use. */
export interface Used {
  micros: number;
  tokens: number;
}

export type Refusal =
  | { ok: false; why: 'open-turns'; limit: number; retryAfterMs: number }
  | ({ ok: false; why: 'limit' } & OverLimit)
  | ({ ok: false; why: 'budget' } & OverBudget)
  /** Whoever counts cannot be reached. */
  | { ok: false; why: 'away'; retryAfterMs: number };

/** What a turn holds while it runs; settled exactly once. */
export interface Grant {
  readonly ok: true;
  readonly claim: Claim;
  settle(used: Used, nowMs: number): void;
  /** As if it had never been given: limits get back what was taken, and nothing is spent. */
  undo(nowMs: number): void;
}

export type Verdict = Grant | Refusal;

/** What is configured about money and limits. */
export interface GatePolicy {
  requestsPerMinute: number;
  concurrentTurns: number;
  limits: readonly TurnLimit[];
  budgets: BudgetRules;
}

/** How one budget stands. */
export interface AccountState extends SpentOn {
  todayReservedMicros: number;
  monthReservedMicros: number;
}

/** The one place where a turn is allowed: open turns, limits and budgets, all of them or none. */
export interface Gate {
  /** At once where this process counts by itself; later where Redis counts for several. */
  take(claim: Claim, nowMs: number): Verdict | Promise<Verdict>;
  configure(policy: GatePolicy, nowMs: number): void;
  /** Replaces the sums of money by the ledger's. */
  fill(spent: readonly SpentOn[], nowMs: number): void;
  accounts(nowMs: number): AccountState[] | Promise<AccountState[]>;
  limits(
    deviceId: string,
    nowMs: number,
  ): Omit<OverLimit, 'retryAfterMs'>[] | Promise<Omit<OverLimit, 'retryAfterMs'>[]>;
  /** Housekeeping, now and then. */
  sweep(nowMs: number): void;
  close(): Promise<void>;
}
