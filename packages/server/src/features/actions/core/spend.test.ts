import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { inMonth, judgeSpend, newSpendBook, reserveSpend, settleSpend, type SpendPolicy } from './spend.ts';

const policy: SpendPolicy = { everyMs: 60_000, callsPerDay: 10, microsPerMonth: 2_000_000 };
const step = fc.record({
  waitMs: fc.integer({ min: 0, max: 20_000_000 }),
  micros: fc.integer({ min: 0, max: 900_000 }),
  cost: fc.option(fc.integer({ min: 0, max: 900_000 }), { nil: null }),
});

describe('what asking a model by ourselves may cost', () => {
  it('never more than one in 60 s, ten a day, and what is set aside never passes the month’s money', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        let book = newSpendBook('2026-01');
        let now = 0;
        const calls: number[] = [];
        let worst = 0;
        for (const [at, { waitMs, micros, cost }] of steps.entries()) {
          now += waitMs;
          const verdict = judgeSpend(book, micros, now, policy);
          if (!verdict.allow) continue;
          assert.ok(calls.length === 0 || now - (calls.at(-1) ?? 0) >= 60_000);
          calls.push(now);
          assert.ok(calls.filter((call) => now - call < 86_400_000).length <= 10);
          worst += micros;
          assert.ok(worst <= 2_000_000);
          book = reserveSpend(book, `c${at}`, micros, now);
          book = settleSpend(book, `c${at}`, cost === null ? null : Math.min(cost, micros));
          worst += cost === null ? 0 : Math.min(cost, micros) - micros;
          assert.equal(book.micros, worst);
        }
      }),
    );
  });

  it('money that is set aside for a call under way cannot be spent twice', () => {
    const book = reserveSpend(newSpendBook('2026-01'), 'a', 1_500_000, 0);
    const verdict = judgeSpend(book, 600_000, 60_000, policy);
    assert.equal(verdict.allow ? '' : verdict.guard, 'ai_month');
  });

  it('a later month starts anew, and a wall clock that was set back brings no old one back', () => {
    const spent = settleSpend(reserveSpend(newSpendBook('2026-02'), 'a', 5, 0), 'a', 5);
    assert.equal(inMonth(spent, '2026-03').micros, 0);
    assert.equal(inMonth(spent, '2026-01').micros, 5);
  });
});
