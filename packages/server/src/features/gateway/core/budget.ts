/** What may be spent, in micro-dollars; undefined: no limit. */
export interface BudgetLimits {
  dailyMicros: number | undefined;
  monthlyMicros: number | undefined;
}

export type BudgetVerdict =
  | { ok: true }
  | { ok: false; span: 'daily' | 'monthly'; limitMicros: number; retryAfterMs: number };

export interface BudgetUse {
  todayMicros: number;
  monthMicros: number;
  reservedMicros: number;
}

/**
 * Keeps spending under the limits: a turn reserves what it may cost, and settles what it did cost.
 * Days and months are UTC. Reserving is one synchronous step, so turns that race cannot overspend together.
 */
export interface Budget {
  /** Reserves `micros`; refuses when spent + reserved + micros would pass a limit, or nothing is left. */
  reserve(micros: number, limits: BudgetLimits, nowMs: number): BudgetVerdict;
  /** Gives the reservation back and counts what was really spent. Once per `reserve` that was given. */
  settle(reservedMicros: number, spentMicros: number, nowMs: number): void;
  use(nowMs: number): BudgetUse;
}

const DAY_MS = 86_400_000;
const GIVEN: BudgetVerdict = { ok: true };

/** @param spent sums of the ledger for the day and month of `nowMs` */
export function createBudget(spent: { todayMicros: number; monthMicros: number }, nowMs: number): Budget {
  let day = dayOf(nowMs);
  let monthEnds = nextMonth(nowMs);
  let today = spent.todayMicros;
  let month = spent.monthMicros;
  let reserved = 0;

  function roll(at: number): void {
    if (dayOf(at) !== day) {
      day = dayOf(at);
      today = 0;
    }
    if (at >= monthEnds) {
      monthEnds = nextMonth(at);
      month = 0;
    }
  }

  const over = (used: number, micros: number, limit: number | undefined): boolean =>
    limit !== undefined && (used + reserved + micros > limit || (micros > 0 && used >= limit));

  return {
    reserve(micros, limits, at) {
      roll(at);
      if (over(month, micros, limits.monthlyMicros)) {
        const limitMicros = limits.monthlyMicros ?? 0;
        return { ok: false, span: 'monthly', limitMicros, retryAfterMs: monthEnds - at };
      }
      if (over(today, micros, limits.dailyMicros)) {
        const limitMicros = limits.dailyMicros ?? 0;
        return { ok: false, span: 'daily', limitMicros, retryAfterMs: (day + 1) * DAY_MS - at };
      }
      reserved += micros;
      return GIVEN;
    },
    settle(reservedMicros, spentMicros, at) {
      roll(at);
      reserved -= reservedMicros;
      today += spentMicros;
      month += spentMicros;
    },
    use(at) {
      roll(at);
      return { todayMicros: today, monthMicros: month, reservedMicros: reserved };
    },
  };
}

const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** UTC midnight at the start of the next month. */
function nextMonth(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** UTC midnight of the day, and of the first day of the month, that `ms` falls in. */
export function spanStarts(ms: number): { dayStart: number; monthStart: number } {
  const date = new Date(ms);
  return {
    dayStart: dayOf(ms) * DAY_MS,
    monthStart: Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1),
  };
}
