import { z } from 'zod';
import { BudgetState, TurnLimitState } from '@vigiles/contract';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { limitsOf, type BudgetRules, type SpentOn } from '../core/budget/budget-rules.ts';
import { budgetRules } from '../core/budget/from-config.ts';
import { spansAt } from '../core/budget/spans.ts';
import type { AccountState } from '../core/gate.ts';
import { readSpent } from '../ledger/spent.ts';
import type { GatewayMoney } from './gateway-client.ts';
import type { GatewayRoutesDeps } from './routes.ts';

/** Each has its own limits; a list longer than this is nothing to read. */
const MAX_DEVICES = 50;

/** Every budget and limit, and how it stands. */
export function moneyRoutes({ configuration, store, turns, client, now }: GatewayRoutesDeps): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/ai/budgets',
      operationId: 'readBudgets',
      summary: 'Budgets with what is spent and reserved, and the limits of model traffic',
      tag: 'gateway',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      success: z.object({
        budgets: z.array(BudgetState),
        /** Null while the gateway, which counts them, does not answer. */
        limits: z.array(TurnLimitState).nullable(),
      }),
      faults: [],
      async handle() {
        const rules = budgetRules(configuration.current().budgets);
        const at = now();
        const used = await turns.usageToday(at, rules.timeZone ?? 'UTC');
        const devices = [...used].toSorted((a, b) => b[1].requests - a[1].requests).map(([id]) => id);
        const [spent, money] = await Promise.all([
          readSpent(store, at, rules.timeZone),
          // Somebody must be named even where nobody has asked anything yet.
          client.money(devices.length > 0 ? devices.slice(0, MAX_DEVICES) : ['-']),
        ]);
        return {
          budgets: budgetStates(rules, spent, money?.accounts ?? null, at),
          limits: limitStates(money),
        };
      },
    }),
  ];
}

const keyOf = ({ scope, name }: SpentOn): string => `${scope} ${name}`;

/** Budgets that are configured, also those of which nothing is spent yet. */
export function budgetStates(
  rules: BudgetRules,
  spent: readonly SpentOn[],
  live: readonly AccountState[] | null,
  at: number,
): BudgetState[] {
  const accounts = new Map(spent.map((one) => [keyOf(one), one]));
  for (const [scope, named] of [
    ['device', rules.devices],
    ['workspace', rules.workspaces],
    ['provider', rules.providers],
  ] as const) {
    for (const name of Object.keys(named ?? {})) {
      const unspent = { scope, name, todayMicros: 0, monthMicros: 0 };
      if (name !== '*' && !accounts.has(keyOf(unspent))) accounts.set(keyOf(unspent), unspent);
    }
  }
  const counted = live && new Map(live.map((one) => [keyOf(one), one]));
  const { day, month } = spansAt(at, rules.timeZone ?? 'UTC');
  return [...accounts.values()].flatMap((account) => {
    const { scope, name } = account;
    const limits = limitsOf(rules, scope, name);
    const now = counted?.get(keyOf(account));
    const common = { scope, name: scope === 'whole' ? null : name };
    const states: BudgetState[] = [];
    if (limits.dailyMicros !== undefined) {
      states.push({
        ...common,
        span: 'daily',
        limit_micros: limits.dailyMicros,
        spent_micros: now?.todayMicros ?? account.todayMicros,
        reserved_micros: counted && (now?.todayReservedMicros ?? 0),
        starts_at: day.startsAt,
        ends_at: day.endsAt,
      });
    }
    if (limits.monthlyMicros !== undefined) {
      states.push({
        ...common,
        span: 'monthly',
        limit_micros: limits.monthlyMicros,
        spent_micros: now?.monthMicros ?? account.monthMicros,
        reserved_micros: counted && (now?.monthReservedMicros ?? 0),
        starts_at: month.startsAt,
        ends_at: month.endsAt,
      });
    }
    return states;
  });
}

/** Limits that several devices share are told once for each of them. */
function limitStates(money: GatewayMoney | null): TurnLimitState[] | null {
  if (!money) return null;
  const states = new Map<string, TurnLimitState>();
  for (const { device, model, unit, window, limit, used } of money.limits) {
    if (device === '-') continue;
    const state = { device, model, unit, window, limit, used, remaining: Math.max(0, limit - used) };
    states.set(JSON.stringify([device, model, unit, window]), state);
  }
  return [...states.values()];
}
