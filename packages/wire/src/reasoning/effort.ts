import type { ReasoningEffort } from '../canonical/index.ts';

/** Thinking budgets that stand for efforts where a vendor counts tokens; the first that holds the budget is meant. */
const BUDGETS: readonly [ReasoningEffort, number][] = [
  ['minimal', 1024],
  ['low', 4096],
  ['medium', 10_240],
  ['high', 32_768],
  ['xhigh', 65_536],
];

/** The effort that a thinking budget in tokens comes closest to. */
export function effortFromBudget(tokens: number): ReasoningEffort {
  return BUDGETS.find(([, budget]) => tokens <= budget)?.[0] ?? 'max';
}

/** A thinking budget in tokens for an effort; `none` has no budget. */
export function budgetFromEffort(effort: ReasoningEffort): number {
  if (effort === 'none') return 0;
  return BUDGETS.find(([name]) => name === effort)?.[1] ?? 100_000;
}
