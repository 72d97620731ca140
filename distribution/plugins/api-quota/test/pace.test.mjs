import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from '../lib/accounts.mjs';
import { add, hoursLeft } from '../lib/pace.mjs';

const hour = 3_600_000;

test('the pace of the last day says how long it lasts', () => {
  let looks = [];
  for (let n = 0; n <= 4; n += 1) looks = add(looks, { at: n * hour, left: 20 - n * 2 });
  assert.equal(Math.round(hoursLeft(looks)), 6);
});

test('what does not go down, or was looked at for minutes only, has no end', () => {
  assert.equal(hoursLeft([]), null);
  assert.equal(
    hoursLeft([
      { at: 0, left: 5 },
      { at: 60_000, left: 4 },
    ]),
    null,
  );
  assert.equal(
    hoursLeft([
      { at: 0, left: 5 },
      { at: hour, left: 5 },
    ]),
    null,
  );
});

test('what was paid in begins a new row, and a day is all that is kept', () => {
  const spent = add([{ at: 0, left: 9 }], { at: hour, left: 3 });
  assert.deepEqual(add(spent, { at: 2 * hour, left: 50 }), [{ at: 2 * hour, left: 50 }]);
  assert.deepEqual(add([{ at: 0, left: 9 }], { at: 25 * hour, left: 8 }), [{ at: 25 * hour, left: 8 }]);
});

test('each service’s answer is read, and one that says nothing is no number', () => {
  assert.deepEqual(accounts.openrouter.read({ data: { total_credits: 100.5, total_usage: 25.75 } }), {
    left: 74.75,
    currency: 'USD',
  });
  const yuan = { is_available: true, balance_infos: [{ currency: 'CNY', total_balance: '110.00' }] };
  assert.deepEqual(accounts.deepseek.read(yuan), { left: 110, currency: 'CNY' });
  assert.deepEqual(accounts.moonshot.read({ data: { available_balance: 49.5 } }), {
    left: 49.5,
    currency: 'USD',
  });
  for (const { read } of Object.values(accounts)) assert.ok(Number.isNaN(read({}).left));
});
