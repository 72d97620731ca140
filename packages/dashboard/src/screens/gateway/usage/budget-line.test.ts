import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BudgetState } from '@vigiles/contract';
import { budgetLine } from './budget-line.ts';

const budget = (spent_micros: number, over: Partial<BudgetState> = {}): BudgetState => ({
  scope: 'whole',
  name: null,
  span: 'daily',
  limit_micros: 1000,
  spent_micros,
  reserved_micros: 0,
  starts_at: 0,
  ends_at: 1,
  ...over,
});

test('a budget tells the highest threshold it has reached, and 100 only when it is gone', () => {
  const said = [0, 499, 500, 899, 900, 999, 1000, 1700].map((spent) => {
    const { percent, word, tone } = budgetLine(budget(spent));
    return [percent, word, tone];
  });
  assert.deepEqual(said, [
    [0, '', 'idle'],
    [49, '', 'idle'],
    [50, 'over 50%', 'idle'],
    [89, 'over 75%', 'idle'],
    [90, 'over 90%', 'warn'],
    [99, 'over 90%', 'warn'],
    [100, 'used up', 'bad'],
    [170, 'used up', 'bad'],
  ]);
});

test('what is reserved stands behind what is spent, and both end at the limit', () => {
  const { spent, reserved } = budgetLine(budget(800, { reserved_micros: 900 }));
  assert.equal(spent, 0.8);
  assert.ok(Math.abs(spent + reserved - 1) < 1e-9);
  assert.equal(budgetLine(budget(0, { limit_micros: 0 })).word, 'used up');
});
