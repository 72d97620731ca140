import {
  limitsOf,
  reached,
  THRESHOLDS,
  UNLIMITED,
  type BudgetLimits,
  type BudgetRules,
  type BudgetScope,
  type SpentOn,
  type Threshold,
} from './budget-rules.ts';
import { spansAt, type Span, type Spans } from './spans.ts';

/** One budget's sums in the spans that are running. */
export interface Account {
  readonly scope: BudgetScope;
  readonly name: string;
  limits: BudgetLimits;
  daySpent: number;
  dayReserved: number;
  monthSpent: number;
  monthReserved: number;
  /** Which day and month the sums belong to, counted by the book. */
  dayNo: number;
  monthNo: number;
  dayTold: Threshold | 0;
  monthTold: Threshold | 0;
}

/** What a turn holds. It belongs to the day and month in which it was taken, also when it ends in the next. */
export interface Reservation {
  accounts: readonly Account[];
  micros: number;
  dayNo: number;
  monthNo: number;
}

/** A budget that has no room. */
export interface OverBudget {
  scope: BudgetScope;
  name: string;
  span: 'daily' | 'monthly';
  limitMicros: number;
  retryAfterMs: number;
}

/** A threshold that was passed just now. */
export interface Reached {
  scope: BudgetScope;
  name: string;
  span: 'daily' | 'monthly';
  threshold: Threshold;
  spentMicros: number;
  limitMicros: number;
  startsAt: number;
  endsAt: number;
}

/** What a turn is counted under. */
export interface Payer {
  deviceId: string;
  workspace: string | null;
  provider: string;
}

/**
 * Keeps spending under the limits: a turn reserves what it may cost, and settles what it did cost. Reserving is one
 * synchronous step over all accounts, so turns that race cannot overspend together.
 */
export interface Book {
  configure(rules: BudgetRules): void;
  /** Replaces all sums: at the start, and when days begin elsewhere. */
  fill(spent: readonly SpentOn[], nowMs: number): void;
  /** Reserves `micros` on every account of the payer, or on none. */
  reserve(payer: Payer, micros: number, nowMs: number): Reservation | OverBudget;
  /** Gives the reservation back and counts what was really spent. Once per reservation. */
  settle(reservation: Reservation, spentMicros: number, nowMs: number): void;
  spans(nowMs: number): Spans;
  /** Accounts with sums. */
  accounts(nowMs: number): Account[];
}

/** Clients choose names of workspaces: what is beyond this many shares one account. */
const MAX_ACCOUNTS = 5000;

const SPANS = ['daily', 'monthly'] as const;

/** @param onReached told of each threshold that is passed, before the call that passed it returns */
export function createBook(rules: BudgetRules, nowMs: number, onReached: (passed: Reached) => void): Book {
  let current = rules;
  let spans = spansAt(nowMs, rules.timeZone);
  let dayNo = 0;
  let monthNo = 0;
  const whole = fresh('whole', '');
  const named = {
    device: new Map<string, Account>(),
    workspace: new Map<string, Account>(),
    provider: new Map<string, Account>(),
  };

  function fresh(scope: BudgetScope, name: string): Account {
    return {
      scope,
      name,
      limits: limitsOf(current, scope, name),
      daySpent: 0,
      dayReserved: 0,
      monthSpent: 0,
      monthReserved: 0,
      dayNo,
      monthNo,
      dayTold: 0,
      monthTold: 0,
    };
  }

  function rollSpans(at: number): void {
    if (at < spans.day.endsAt) return;
    const next = spansAt(at, current.timeZone);
    dayNo += 1;
    if (next.month.startsAt !== spans.month.startsAt) monthNo += 1;
    spans = next;
  }

  function rolled(account: Account): Account {
    if (account.dayNo !== dayNo) {
      account.dayNo = dayNo;
      account.daySpent = account.dayReserved = account.dayTold = 0;
    }
    if (account.monthNo !== monthNo) {
      account.monthNo = monthNo;
      account.monthSpent = account.monthReserved = account.monthTold = 0;
    }
    return account;
  }

  function accountOf(scope: Exclude<BudgetScope, 'whole'>, name: string): Account {
    const accounts = named[scope];
    let account = accounts.get(name);
    if (!account) {
      const shared = accounts.size >= MAX_ACCOUNTS ? '*' : name;
      account = accounts.get(shared) ?? fresh(scope, shared);
      accounts.set(shared, account);
    }
    return rolled(account);
  }

  const all = (): Account[] => [
    whole,
    ...named.device.values(),
    ...named.workspace.values(),
    ...named.provider.values(),
  ];

  function over(account: Account, micros: number): 'daily' | 'monthly' | null {
    const { dailyMicros, monthlyMicros } = account.limits;
    // The longer wait is the one to name.
    if (monthlyMicros !== undefined && account.monthSpent + account.monthReserved + micros > monthlyMicros)
      return 'monthly';
    if (dailyMicros !== undefined && account.daySpent + account.dayReserved + micros > dailyMicros)
      return 'daily';
    return null;
  }

  function tell(account: Account, refused: 'daily' | 'monthly' | null): void {
    for (const name of SPANS) {
      const daily = name === 'daily';
      const spent = daily ? account.daySpent : account.monthSpent;
      const limit = daily ? account.limits.dailyMicros : account.limits.monthlyMicros;
      if (limit === undefined) continue;
      const told = daily ? account.dayTold : account.monthTold;
      const at = reached(spent, limit);
      // What is left is too little for a turn: nobody is helped by waiting for the last cent.
      const now = refused === name && at === 90 ? 100 : at;
      if (now <= told) continue;
      if (daily) account.dayTold = now;
      else account.monthTold = now;
      const span: Span = daily ? spans.day : spans.month;
      for (const threshold of THRESHOLDS) {
        if (threshold <= told || threshold > now) continue;
        onReached({
          scope: account.scope,
          name: account.name,
          span: name,
          threshold,
          spentMicros: spent,
          limitMicros: limit,
          startsAt: span.startsAt,
          endsAt: span.endsAt,
        });
      }
    }
  }

  return {
    configure(next) {
      current = next;
      for (const account of all()) {
        account.limits = limitsOf(next, account.scope, account.name);
        account.dayTold = account.monthTold = 0;
        tell(rolled(account), null);
      }
    },
    fill(spent, at) {
      spans = spansAt(at, current.timeZone);
      dayNo += 1;
      monthNo += 1;
      for (const account of all()) rolled(account);
      for (const { scope, name, todayMicros, monthMicros } of spent) {
        const account = scope === 'whole' ? rolled(whole) : accountOf(scope, name);
        account.daySpent += todayMicros;
        account.monthSpent += monthMicros;
      }
      for (const account of all()) tell(account, null);
    },
    reserve(payer, micros, at) {
      rollSpans(at);
      const accounts = [
        rolled(whole),
        accountOf('device', payer.deviceId),
        accountOf('provider', payer.provider),
      ];
      if (payer.workspace !== null) accounts.push(accountOf('workspace', payer.workspace));
      for (const account of accounts) {
        if (account.limits === UNLIMITED) continue;
        const span = over(account, micros);
        if (!span) continue;
        tell(account, span);
        const { scope, name, limits } = account;
        const daily = span === 'daily';
        const limitMicros = (daily ? limits.dailyMicros : limits.monthlyMicros) ?? 0;
        const retryAfterMs = (daily ? spans.day.endsAt : spans.month.endsAt) - at;
        return { scope, name, span, limitMicros, retryAfterMs };
      }
      for (const account of accounts) {
        account.dayReserved += micros;
        account.monthReserved += micros;
      }
      return { accounts, micros, dayNo, monthNo };
    },
    settle(reservation, spentMicros, at) {
      rollSpans(at);
      for (const account of reservation.accounts) {
        rolled(account);
        if (reservation.dayNo === dayNo) {
          account.dayReserved -= reservation.micros;
          account.daySpent += spentMicros;
        }
        if (reservation.monthNo === monthNo) {
          account.monthReserved -= reservation.micros;
          account.monthSpent += spentMicros;
        }
        if (account.limits !== UNLIMITED) tell(account, null);
      }
    },
    spans(at) {
      rollSpans(at);
      return spans;
    },
    accounts(at) {
      rollSpans(at);
      return all().map(rolled);
    },
  };
}
