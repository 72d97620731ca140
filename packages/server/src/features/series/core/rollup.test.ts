import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packMinutes, packSums, unpackLooks, unpackMinutes, unpackSums } from '../engine/pack.ts';
import { packSingle } from '../testing/single-sum.ts';
import { latencyBlock } from '../testing/figures.ts';
import { fillHoles, gapAfter } from './fill-gaps.ts';
import { planQuery } from './plan-query.ts';
import { addSample, join, newRollup, percentiles, rollUp, type Rollup } from './rollup.ts';
import { DamagedBlock } from './bytes.ts';
import { Histogram } from './histogram.ts';

const precision = { scale: 1000, bits: 5 };
const hour = 3_600_000;
/** As it compares: what room a histogram has to its sides says nothing. */
const plain = (rollup: Rollup) => ({ ...rollup, histogram: [...rollup.histogram] });
const plainAll = (all: ReadonlyMap<number, Rollup>) => [...all].map(([slot, each]) => [slot, plain(each)]);
const start = 1_700_000_000_000 - (1_700_000_000_000 % hour);

describe('sums', () => {
  it('of minutes joined are the hour, percentiles included', () => {
    const samples = latencyBlock(5, start);
    const whole = rollUp(samples, hour, precision).get(start / hour) ?? newRollup();
    const joined = newRollup();
    for (const minute of rollUp(samples, 60_000, precision).values()) join(joined, minute);
    assert.deepEqual(plain(joined), plain(whole));
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
    assert.deepEqual(plainAll(unpackMinutes(packMinutes(minutes, base), base)), plainAll(minutes));
    const hourOf = (at: number): [number, Rollup] => [
      start / hour + at,
      rollUp(latencyBlock(9 + at, start + at * hour), hour, precision).get(start / hour + at) ?? newRollup(),
    ];
    const day = new Map([0, 1, 5].map(hourOf));
    const first = start / hour;
    assert.deepEqual(plainAll(unpackSums(packSums(day, first), first)), plainAll(day));
    assert.deepEqual(
      [...unpackLooks(packSums(day, first), first)],
      [...day].map(([slot, { looks }]) => [slot, looks]),
    );
  });

  it('of a row of its own, as they were written at first, are still read', () => {
    for (const up of [0, 1, 127, 128, 720, 16_384]) {
      const single = rollUp(latencyBlock(9, start), hour, precision).get(start / hour) ?? newRollup();
      single.looks.up = up;
      assert.deepEqual(plainAll(unpackSums(packSingle(single), 77)), [[77, plain(single)]]);
      assert.deepEqual(unpackLooks(packSingle(single), 77), new Map([[77, single.looks]]));
    }
  });
});

describe('a histogram', () => {
  it('counts values of any size and sign, in order, and percentiles stay within the extremes', () => {
    const values = [0, -3, 4_000_000, 5, 5, 1e15, -1e15, 70];
    const sum = newRollup();
    for (const value of values) addSample(sum, value, 1, { scale: 1, bits: 5 });
    const codes = [...sum.histogram].map(([code]) => code);
    assert.deepEqual(
      codes,
      codes.toSorted((a, b) => a - b),
    );
    assert.equal(
      [...sum.histogram].reduce((total, [, count]) => total + count, 0),
      values.length,
    );
    const [lowest, middle, highest] = percentiles(sum, { scale: 1, bits: 5 }, [0, 0.5, 1]);
    assert.deepEqual([middle, highest], [5, 1e15]);
    assert.ok(Math.abs((lowest ?? 0) / -1e15 - 1) < 0.017);
  });

  it('refuses a code no value has, so that a damaged row takes no memory', () => {
    for (const code of [1e9, -1e9, Number.NaN])
      assert.throws(() => new Histogram().add(code, 1), DamagedBlock);
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
