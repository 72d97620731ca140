import type { Reached } from '../core/budget/book.ts';
import { reached, THRESHOLDS, type BudgetScope } from '../core/budget/budget-rules.ts';
import type { Spans } from '../core/budget/spans.ts';
import { dayKey, type Hold } from './shared-claim.ts';

const MAX_REMEMBERED = 10_000;

/** Tells thresholds of shared budgets; every gateway may, and the ledger keeps it to once. */
export function createTold(onReached: (passed: Reached) => void): {
  /** @param sums what the settling script answered: span, account and micro-dollars, each */
  tell(sums: unknown, holds: readonly Hold[], spans: Spans): void;
} {
  const told = new Map<string, number>();
  return {
    tell(sums, holds, spans) {
      if (!Array.isArray(sums)) return;
      for (const [key, account, micros] of sums as [string, string, string][]) {
        const hold = holds.find((each) => each.span === key && each.account === account);
        if (!hold) continue;
        const spentMicros = Number(micros);
        const name = `${key}|${account}|${hold.limit}`;
        const before = told.get(name) ?? 0;
        const now = reached(spentMicros, hold.limit);
        if (now <= before) continue;
        if (told.size >= MAX_REMEMBERED) told.clear();
        told.set(name, now);
        const daily = key === dayKey(spans);
        const { startsAt, endsAt } = daily ? spans.day : spans.month;
        const cut = account.indexOf(':');
        for (const threshold of THRESHOLDS) {
          if (threshold <= before || threshold > now) continue;
          onReached({
            scope: (cut === -1 ? account : account.slice(0, cut)) as BudgetScope,
            name: cut === -1 ? '' : account.slice(cut + 1),
            span: daily ? 'daily' : 'monthly',
            threshold,
            spentMicros,
            limitMicros: hold.limit,
            startsAt,
            endsAt,
          });
        }
      }
    },
  };
}
