import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { foresee } from './foresee.ts';
import { newStanding, stand } from './hysteresis.ts';
import type { Point } from './trend.ts';

const minute = 60_000;
const hour = 60 * minute;
const MB = 1_048_576;
const rules = { limit: 2048 * MB, horizonMs: 24 * hour, minSpanMs: 45 * minute, minRise: 0.1 };

/** Numbers that look random and are the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296 - 0.5;
  };
}
const series = (minutes: number, value: (minute: number, noise: number) => number, seed = 1): Point[] => {
  const next = noise(seed);
  return Array.from({ length: minutes }, (_, at) => [at * minute, value(at, next()) * MB] as const);
};

describe('what is foreseen', () => {
  it('a leak, with the time that is left, also under noise, spikes and collections of garbage', () => {
    const leaks = [
      series(120, (at) => 400 + at * 5),
      series(120, (at, stray) => 400 + at * 5 + stray * 60),
      series(120, (at) => 400 + at * 5 + (at % 37 === 0 ? 900 : 0)),
      series(120, (at) => 400 + at * 5 + (at % 8) * 6),
    ];
    for (const [which, leak] of leaks.entries()) {
      const found = foresee(leak, rules);
      assert.ok(found, `leak ${which}`);
      // 2048 - 995 = 1053 MB at 5 MB a minute.
      assert.ok(
        Math.abs(found.timeLeftMs / minute - 211) < 30,
        `leak ${which}: ${found.timeLeftMs / minute}`,
      );
      assert.ok(found.earliestMs <= found.timeLeftMs);
      assert.ok((found.latestMs ?? Number.POSITIVE_INFINITY) >= found.timeLeftMs);
    }
  });

  it('long before it happens: half way to the limit there is an hour left to act', () => {
    for (let at = 60; at < 320; at += 10) {
      const found = foresee(
        series(at, (each, stray) => 400 + each * 5 + stray * 30),
        rules,
      );
      if (found) {
        assert.ok(found.timeLeftMs > hour);
        return;
      }
    }
    assert.fail('never foreseen');
  });

  it('nothing where there is nothing: flat, noisy, sawtooth, a day, a start, a step, a fall', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const calm: [string, Point[]][] = [
        ['flat', series(180, () => 500)],
        ['noise', series(180, (_at, stray) => 500 + stray * 300, seed)],
        ['sawtooth', series(180, (at, stray) => 300 + ((at + seed) % 45) * 12 + stray * 10, seed)],
        ['long teeth', series(180, (at, stray) => 300 + ((at + seed * 7) % 90) * 8 + stray * 10, seed)],
        [
          'day',
          series(
            360,
            (at, stray) => 500 + 150 * Math.sin(((at + seed * 36) / 1440) * 2 * Math.PI) * 0.3 + stray * 20,
            seed,
          ),
        ],
        ['warm-up', series(180, (at, stray) => 600 - 400 * Math.exp(-at / 15) + stray * 10, seed)],
        ['step', series(180, (at, stray) => (at < 90 ? 300 : 700) + stray * 10, seed)],
        ['fall', series(180, (at, stray) => 1500 - at * 4 + stray * 20, seed)],
      ];
      for (const [name, points] of calm) assert.equal(foresee(points, rules), null, `${name}, seed ${seed}`);
    }
  });

  it('a restart begins anew', () => {
    assert.equal(
      foresee(
        series(120, (at) => (at < 100 ? 400 + at * 10 : 300)),
        rules,
      ),
      null,
    );
  });
});

describe('saying it', () => {
  it('takes three looks in a row to be said, and six without it to be taken back', () => {
    const heard: (string | null)[] = [];
    let standing = newStanding();
    for (const foreseen of [
      true,
      false,
      true,
      true,
      true,
      true,
      false,
      true,
      ...Array.from({ length: 6 }, () => false),
    ]) {
      const { next, change } = stand(standing, foreseen);
      standing = next;
      if (change) heard.push(change);
    }
    assert.deepEqual(heard, ['raised', 'cleared']);
    assert.equal(standing.raised, false);
  });
});
