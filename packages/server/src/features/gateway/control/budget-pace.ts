import type { BudgetsConfig, BudgetState } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import { budgetRules } from '../core/budget/from-config.ts';
import { dayPace, hourPace, type Pace } from '../ledger/pace.ts';
import { readSpent } from '../ledger/spent.ts';
import { budgetStates } from './money-routes.ts';

/** A budget of which something is spent, with what went out lately. */
export interface BudgetPace {
  /** `budget:whole`, `budget:device:<id>` … */
  target: string;
  /** For people: `the daily budget of device dev_1`. */
  words: string;
  span: 'daily' | 'monthly';
  spentMicros: number;
  limitMicros: number;
  /** When it begins anew, UTC ms. */
  endsAt: number;
  /** Micro-dollars in each part of the last hour, for a month the last day; oldest first. */
  parts: readonly number[];
  partMs: number;
}

/** How fast budgets go out. Those that are spent, or of which nothing is, are left out: there is nothing to ask the ledger. */
export async function readBudgetPaces(
  store: Store,
  config: BudgetsConfig,
  now: number,
): Promise<BudgetPace[]> {
  const rules = budgetRules(config);
  const states = budgetStates(rules, await readSpent(store, now, rules.timeZone), null, now).filter(
    ({ spent_micros: spent, limit_micros: limit }) => spent > 0 && spent < limit,
  );
  const paces: Partial<Record<BudgetState['span'], Pace>> = {};
  for (const { span } of states) paces[span] ??= await (span === 'daily' ? hourPace : dayPace)(store, now);
  return states.flatMap(({ scope, name, span, spent_micros, limit_micros, ends_at }) => {
    const pace = paces[span];
    if (!pace) return [];
    return [
      {
        target: scope === 'whole' ? 'budget:whole' : `budget:${scope}:${name}`,
        words: scope === 'whole' ? `the whole ${span} budget` : `the ${span} budget of ${scope} ${name}`,
        span,
        spentMicros: spent_micros,
        limitMicros: limit_micros,
        endsAt: ends_at,
        parts: pace.of(scope, name ?? ''),
        partMs: pace.partMs,
      },
    ];
  });
}
