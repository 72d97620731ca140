import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packMinutes, packRollup, unpackLooks, unpackMinutes, unpackRollup } from '../engine/pack.ts';
import { latencyBlock } from '../testing/figures.ts';
import { fillHoles, gapAfter } from './fill-gaps.ts';
import { planQuery } from './plan-query.ts';
import { join, newRollup, percentiles, rollUp } from './rollup.ts';

const precision = { scale: 1000, bits: 5 };
const hour = 3_600_000;
const start = 1_700_000_000_000 - (1_700_000_000_000 % hour);

describe('sums', () => {
  it('of minutes joined are the hour, percentiles included', () => {
    const samples = latencyBlock(5, start);
    const whole = rollUp(samples, hour, precision).get(start / hour) ?? newRollup();
    const joined = newRollup();
    for (const minute of rollUp(samples, 60_000, precision).values()) join(joined, minute);
    assert.deepEqual(joined, whole);
    const sorted = samples.values.toSorted((a, b) => a - b);
    const shares = [0.5, 0.95, 0.99];
    for (const [at, value] of percentiles(whole, precision, shares).entries()) {
      const exact = sorted[Math.ceil((shares[at] ?? 0) * sorted.length) - 1] ?? 0;
      assert.ok(Math.abs((value ?? 0) - exact) <= exact * 0.017, `${value} for ${exact}`);
    }
    assert.equal(whole.looks.up, 720);
  });

  it('come back from their bytes as they were', () => {
    const minutes = rollUp(latencyBlock(9, start), 60_000, precision);
    const base = start / 60_000;
    assert.deepEqual(unpackMinutes(packMinutes(minutes, base), base), minutes);
    const whole = rollUp(latencyBlock(9, start), hour, precision).get(start / hour) ?? newRollup();
    assert.deepEqual(unpackRollup(packRollup(whole)), whole);
    assert.deepEqual(unpackLooks(packRollup(whole)), whole.looks);
  });
});

describe('how finely a chart is answered', () => {
  const day = 24 * hour;
  const now = start;
  const all = { raw: now - 365 * day, '1m': now - 35 * day, '1h': now - 400 * day, '1d': now - 3000 * day };

  it('takes the coarsest level that can draw it', () => {
    assert.equal(planQuery(now - hour, now, 300, all).level, 'raw');
    assert.equal(planQuery(now - day, now, 300, all).level, '1m');
    assert.equal(planQuery(now - 30 * day, now, 300, all).level, '1h');
    assert.equal(planQuery(now - 365 * day, now, 300, all).level, '1d');
  });

  it('takes a coarser one where the finer does not go back so far', () => {
    const plan = planQuery(now - 60 * day, now - 58 * day, 300, all);
    assert.equal(plan.level, 'raw');
    assert.equal(planQuery(now - 60 * day, now - 50 * day, 400, all).level, '1h');
    assert.equal(planQuery(now - hour, now, 300, { ...all, raw: now }).level, '1m');
  });

  it('starts on a multiple of its step and covers the whole span', () => {
    for (const span of [60_000, hour, 5 * hour, day, 33 * day, 365 * day]) {
      const { start: first, stepMs, buckets } = planQuery(now - span - 7, now, 250, all);
      assert.equal(first % stepMs, 0);
      assert.ok(first <= now - span - 7 && first + buckets * stepMs >= now && buckets <= 252);
    }
  });
});

describe('gaps', () => {
  it('a bucket that is empty between two samples of a slow pace is no gap, a missing sample is', () => {
    const values = [1, null, 3, null, null, null, 9];
    fillHoles(values, 5000, gapAfter(4000, 5000));
    assert.deepEqual(values, [1, 2, 3, null, null, null, 9]);
  });
});
