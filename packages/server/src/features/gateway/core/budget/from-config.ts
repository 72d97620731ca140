import type { BudgetsConfig } from '@vigiles/contract';
import type { BudgetLimits, BudgetRules } from './budget-rules.ts';

type Usd = number | 'none' | undefined;

const micros = (usd: Usd): number | undefined =>
  usd === undefined || usd === 'none' ? undefined : Math.round(usd * 1e6);

const limits = (budget: { daily_usd?: Usd; monthly_usd?: Usd }): BudgetLimits => ({
  dailyMicros: micros(budget.daily_usd),
  monthlyMicros: micros(budget.monthly_usd),
});

const named = (budgets: BudgetsConfig['devices']): Record<string, BudgetLimits> =>
  Object.fromEntries(Object.entries(budgets).map(([name, budget]) => [name, limits(budget)]));

/** The budgets in micro-dollars. */
export function budgetRules(config: BudgetsConfig): BudgetRules {
  return {
    ...limits(config),
    timeZone: config.time_zone,
    devices: named(config.devices),
    workspaces: named(config.workspaces),
    providers: named(config.providers),
  };
}
