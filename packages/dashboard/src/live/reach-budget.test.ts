import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BudgetState } from '@vigiles/contract';
import { reachBudget } from './patch.ts';

const budget = (name: string | null, span: 'daily' | 'monthly'): BudgetState => ({
  scope: name === null ? 'whole' : 'device',
  name,
  span,
  limit_micros: 10,
  spent_micros: 1,
  reserved_micros: 0,
  starts_at: 0,
  ends_at: 1,
});

test('a threshold changes the budget it is about and no other', () => {
  const money = { budgets: [budget(null, 'daily'), budget(null, 'monthly'), budget('ci', 'daily')] };
  const { reserved_micros: _, ...about } = budget('ci', 'daily');
  const next = reachBudget(money, { ...about, spent_micros: 9, threshold_percent: 90 });
  assert.deepEqual(
    next.budgets.map(({ spent_micros }) => spent_micros),
    [1, 1, 9],
  );
  assert.equal(next.budgets[0], money.budgets[0]);
});
