import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foreseeBurn, type BudgetBurn } from './burn.ts';
import { foreseeExpiry } from './certificate.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 4, 20, 12);
const dollar = 1_000_000;
const burn = (more: Partial<BudgetBurn> = {}): BudgetBurn => ({
  target: 'budget:whole',
  words: 'the whole daily budget',
  span: 'daily',
  spentMicros: 4 * dollar,
  limitMicros: 10 * dollar,
  endsAt: now + 12 * hour,
  parts: [0.5, 0.5, 0.5, 0.5].map((each) => each * dollar),
  partMs: hour / 4,
  ...more,
});

describe('a budget at its pace', () => {
  it('is spent in the time that what is left of it lasts', () => {
    const found = foreseeBurn(burn(), now);
    assert.equal(found?.timeLeftMs, 3 * hour);
    assert.deepEqual([found.earliestMs, found.latestMs, found.confidence], [3 * hour, 3 * hour, 1]);
  });

  it('is uncertain where it goes out unevenly', () => {
    const found = foreseeBurn(burn({ parts: [0, dollar, dollar, 2 * dollar] }), now);
    assert.equal(found?.timeLeftMs, 1.5 * hour);
    assert.equal(found.earliestMs, 0.75 * hour);
    assert.equal(found.latestMs, null);
    assert.ok(found.confidence < 1);
  });

  it('says nothing where it lasts, after one burst, and once it is spent', () => {
    assert.equal(foreseeBurn(burn({ endsAt: now + 2 * hour }), now), null);
    assert.equal(foreseeBurn(burn({ parts: [0, 0, 2 * dollar, 2 * dollar] }), now), null);
    assert.equal(foreseeBurn(burn({ spentMicros: 10 * dollar }), now), null);
    assert.equal(foreseeBurn(burn({ parts: [0, 0, 0, 0] }), now), null);
    assert.equal(foreseeBurn(burn({ parts: [] }), now), null);
  });
});

describe('a certificate that nobody renews', () => {
  const left = (daysLeft: number, lifeDays: number | null, failsBelowDays = 0) =>
    foreseeExpiry({ daysLeft, lifeDays, failsBelowDays })?.timeLeftMs ?? null;

  it('is told three weeks before its end, and never while renewal is still on time', () => {
    assert.equal(left(22, 365), null);
    assert.equal(left(20, 365), 20 * 24 * hour);
    assert.equal(left(20, null), 20 * 24 * hour);
    // Renewed at a third of 45 days; a week of life has nothing to say at five.
    assert.equal(left(14, 45), null);
    assert.equal(left(11, 45), 11 * 24 * hour);
    assert.equal(left(5, 7), null);
  });

  it('is told before its check fails, and not any more after its end', () => {
    assert.equal(left(35, 365, 30), 35 * 24 * hour);
    assert.equal(left(38, 365, 30), null);
    assert.equal(left(-1, 365, 30), null);
  });
});
