import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { counted, faded, flipped, HALF_LIFE_MS, newTally, trustOf, wilson } from './evidence.ts';

const none = newTally(0);
const tally = (yes: number, no: number) => ({ yes, no, at: 0 });
const trusted = (yes: number, no: number, self = none) => trustOf(tally(yes, no), self, false, 0).auto;

describe('the Wilson lower bound at z = 1.28', () => {
  for (const [yes, n, expected] of [
    [1, 1, 0.38],
    [3, 3, 0.65],
    [4, 4, 0.71],
    [8, 9, 0.69],
    [17, 20, 0.72],
    [0, 5, 0],
  ] as const) {
    it(`of ${yes}/${n} is ${expected}`, () => {
      assert.equal(Math.round(wilson(yes, n - yes).lower * 100) / 100, expected);
    });
  }

  it('of nothing says nothing', () => {
    assert.deepEqual(wilson(0, 0), { lower: 0, upper: 1 });
  });
});

describe('what was learned', () => {
  it('is not applied after one success: 1/1 is not 100 %', () => {
    assert.equal(trusted(1, 0), false);
    assert.equal(trusted(3, 0), false);
    assert.equal(trusted(8, 1), false);
  });

  it('is applied from the fourth success in a row on', () => {
    assert.equal(trusted(4, 0), true);
    assert.equal(trusted(17, 3), true);
  });

  it('is not applied where the trouble is over by itself as often', () => {
    assert.equal(trusted(4, 0, tally(8, 2)), false);
    assert.equal(trusted(4, 0, tally(1, 9)), true);
  });

  it('weighs half after 30 days, and a clock that was set back changes nothing', () => {
    assert.deepEqual(faded(tally(4, 2), HALF_LIFE_MS), { yes: 2, no: 1, at: HALF_LIFE_MS });
    assert.deepEqual(faded({ yes: 4, no: 2, at: 100 }, 50), { yes: 4, no: 2, at: 100 });
    assert.equal(trustOf(tally(4, 0), none, false, 3 * HALF_LIFE_MS).auto, false);
  });

  it('takes a success back when the fault recurs', () => {
    const won = counted(counted(none, true, 0), true, 0);
    assert.deepEqual(flipped(won, 0), { yes: 1, no: 1, at: 0 });
  });

  it('a person can vouch for it', () => {
    assert.equal(trustOf(tally(0, 0), none, true, 0).auto, true);
  });
});
