import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetStates } from './money-routes.ts';

const at = Date.UTC(2026, 4, 20, 12);
const spent = [
  { scope: 'whole', name: '', todayMicros: 4_000_000, monthMicros: 9_000_000 },
  { scope: 'device', name: 'laptop', todayMicros: 3_000_000, monthMicros: 3_000_000 },
  { scope: 'provider', name: 'openai', todayMicros: 4_000_000, monthMicros: 9_000_000 },
] as const;
const rules = {
  dailyMicros: 10_000_000,
  monthlyMicros: undefined,
  devices: { '*': { dailyMicros: 5_000_000 }, ci: { monthlyMicros: 1_000_000 } },
};

test('every budget that is configured has a line, also one of which nothing is spent', () => {
  const lines = budgetStates(rules, spent, null, at).map(
    ({ scope, name, span, spent_micros, limit_micros }) => [scope, name, span, spent_micros, limit_micros],
  );
  assert.deepEqual(lines, [
    ['whole', null, 'daily', 4_000_000, 10_000_000],
    ['device', 'laptop', 'daily', 3_000_000, 5_000_000],
    ['device', 'ci', 'monthly', 0, 1_000_000],
  ]);
});

test('what is reserved is unknown, not zero, while the gateway does not answer', () => {
  assert.equal(budgetStates(rules, spent, null, at)[0]?.reserved_micros, null);
  const live = [{ ...spent[0], todayReservedMicros: 70, monthReservedMicros: 70 }];
  assert.deepEqual(
    budgetStates(rules, spent, live, at).map(({ reserved_micros }) => reserved_micros),
    [70, 0, 0],
  );
});
