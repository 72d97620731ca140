import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { TierLimits } from '@vigiles/contract';
import { burst, peekLimit, takeLimit, type LimitState } from './limit.ts';

const limits: TierLimits = { perMinute: 5, perHour: 8, perDay: 10, cooldownMs: 0 };

/** Takes calls at the given times; which of them were allowed. */
function run(figures: TierLimits, times: readonly number[]) {
  let state: LimitState | undefined;
  const verdicts = times.map((nowMs) => {
    const taken = takeLimit(state, figures, 'standard', nowMs);
    state = taken.state;
    return taken.verdict;
  });
  return { verdicts, state };
}
const minute = 60_000;
const hour = 60 * minute;

it('the sixth call of a minute waits until the minute is over', () => {
  const { verdicts } = run(limits, [0, 1, 2, 3, 4, 1000, minute]);
  assert.deepEqual(
    verdicts.map(({ allowed }) => allowed),
    [true, true, true, true, true, false, true],
  );
  assert.equal(verdicts[5]?.retryAfterMs, minute - 1000);
  assert.equal(verdicts[5]?.remaining, 0);
});

it('the hour and the day count on when the minute starts anew', () => {
  const times = [0, 0, 0, 0, 0, minute, minute, minute, minute, hour, hour, hour];
  const { verdicts } = run(limits, times);
  assert.deepEqual(
    verdicts.map(({ allowed }) => allowed),
    [true, true, true, true, true, true, true, true, false, true, true, false],
  );
  assert.equal(verdicts[8]?.retryAfterMs, hour - minute, 'the hour is full');
  assert.equal(verdicts[11]?.retryAfterMs, 23 * hour, 'the day is full');
});

it('a refused call uses nothing up', () => {
  const full = run(limits, [0, 0, 0, 0, 0]).state;
  const { state, verdict } = takeLimit(full, limits, 'standard', 10);
  assert.equal(verdict.allowed, false);
  assert.deepEqual({ ...state, dueMs: 0 }, full);
});

it('a page load comes at once; after the burst, calls are spaced', () => {
  const spaced: TierLimits = { perMinute: 1000, perHour: 1000, perDay: 1000, cooldownMs: 100 };
  const { verdicts } = run(
    spaced,
    Array.from({ length: burst + 1 }, () => 0),
  );
  assert.deepEqual(
    verdicts.map(({ allowed }) => allowed),
    [...Array.from({ length: burst }, () => true), false],
  );
  assert.equal(verdicts.at(-1)?.retryAfterMs, 100);
  const later = run(spaced, [...Array.from({ length: burst }, () => 0), 99, 100, 101]);
  assert.deepEqual(
    later.verdicts.slice(-3).map(({ allowed }) => allowed),
    [false, true, false],
  );
});

it('an untouched allowance is whole', () => {
  assert.deepEqual(peekLimit(undefined, limits, 'light', 7), {
    allowed: true,
    tier: 'light',
    limit: 5,
    remaining: 5,
    resetMs: minute,
    retryAfterMs: 0,
  });
});
