import { limitsOf, type BudgetRules, type BudgetScope } from '../core/budget/budget-rules.ts';
import type { Spans } from '../core/budget/spans.ts';
import type { Claim } from '../core/gate.ts';
import { SLOTS } from '../core/limits/sliding-window.ts';
import { concerns, type Limit, type TurnRule } from '../core/limits/turn-rules.ts';

/** One window of one rule, as the scripts know it. */
export interface Rate {
  key: string;
  /** Milliseconds a part lasts. */
  slot: number;
  limit: number;
  amount: number;
}

/** A budget that a turn must fit in. `span` is the hash's key. */
export interface Hold {
  account: string;
  span: string;
  limit: number;
  /** Place in `holds`, from 0: what a refusal names. */
  index: number;
}

/** A claim as the scripts take it. */
export interface SharedClaim {
  rates: Rate[];
  limits: { rule: TurnRule; limit: Limit }[];
  holds: Hold[];
  /** Spent is counted on all of them, with or without a limit. */
  accounts: string[];
  spans: { key: string }[];
}

export const dayKey = (spans: Spans): string => `day:${spans.day.name}`;
export const monthKey = (spans: Spans): string => `month:${spans.month.name}`;

export const accountName = (scope: BudgetScope, name: string): string =>
  scope === 'whole' ? 'whole' : `${scope}:${name}`;

/** Puts a claim into the words of the scripts. */
export function sharedClaim(
  claim: Claim,
  rules: readonly TurnRule[],
  budgets: BudgetRules,
  spans: Spans,
): SharedClaim {
  const limits = rules
    .filter((rule) => concerns(rule, claim))
    .flatMap((rule) => rule.limits.map((limit) => ({ rule, limit })));
  const rates = limits.map(({ rule, limit }) => rateOf(rule, limit, claim.deviceId, claim.tokens));
  const payers: [BudgetScope, string][] = [
    ['whole', ''],
    ['device', claim.deviceId],
    ['provider', claim.provider],
  ];
  if (claim.workspace !== null) payers.push(['workspace', claim.workspace]);
  const holds: Hold[] = [];
  for (const [scope, name] of payers) {
    const { dailyMicros, monthlyMicros } = limitsOf(budgets, scope, name);
    const account = accountName(scope, name);
    // The longer wait is the one to name.
    if (monthlyMicros !== undefined)
      holds.push({ account, span: monthKey(spans), limit: monthlyMicros, index: holds.length });
    if (dailyMicros !== undefined)
      holds.push({ account, span: dayKey(spans), limit: dailyMicros, index: holds.length });
  }
  const accounts = payers.map(([scope, name]) => accountName(scope, name));
  return { rates, limits, holds, accounts, spans: [{ key: dayKey(spans) }, { key: monthKey(spans) }] };
}

/** @param tokens what the turn may use */
export function rateOf(rule: TurnRule, limit: Limit, deviceId: string, tokens: number): Rate {
  const who = rule.device === null ? '' : deviceId;
  return {
    key: `${rule.key}|${who}|${limit.unit}|${limit.window}`,
    slot: limit.windowMs / SLOTS,
    limit: limit.limit,
    amount: limit.unit === 'requests' ? 1 : tokens,
  };
}
