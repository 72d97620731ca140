import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DaySpanConfig } from '@vigiles/contract';
import { array, assert as check, double, integer, property } from 'fast-check';
import { inDaySpan } from './day-span.ts';
import { scoresOf, type Rankable } from './order.ts';
import { NO_WORDS, readTaskWords } from './task.ts';

const rankable = (more: Partial<Rankable>): Rankable => ({
  weight: 1,
  latencyMs: null,
  failures: 0,
  costMicros: null,
  ...more,
});

test('a weighted order places every candidate once, and those without weight last', () => {
  const weights = array(integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 });
  check(
    property(weights, double({ min: 0, max: 1, noNaN: true }), (given, draw) => {
      const scores = scoresOf(
        'weighted',
        given.map((weight) => rankable({ weight })),
        draw,
      );
      const withWeight = scores.filter((_, at) => (given[at] ?? 0) > 0);
      assert.deepEqual(
        withWeight.toSorted((a, b) => a - b),
        withWeight.map((_, place) => place),
      );
      for (const [at, weight] of given.entries()) {
        if (weight === 0) assert.equal(scores[at], withWeight.length);
      }
    }),
  );
});

test('each candidate comes first as often as its weight says', () => {
  const weights = [1, 3, 0, 6];
  const first = weights.map(() => 0);
  for (let n = 0; n < 1000; n += 1) {
    const scores = scoresOf(
      'weighted',
      weights.map((weight) => rankable({ weight })),
      (n + 0.5) / 1000,
    );
    const at = scores.indexOf(0);
    first[at] = (first[at] ?? 0) + 1;
  }
  assert.deepEqual(first, [100, 300, 0, 600]);
});

test('the fastest, the cheapest: what was never measured is tried, what has no price comes last', () => {
  const fast = [rankable({ latencyMs: 900 }), rankable({ latencyMs: 200, failures: 1 }), rankable({})];
  assert.deepEqual(scoresOf('least-latency', fast, 0), [900, 1200, 0]);
  const cheap = [rankable({}), rankable({ costMicros: 5 }), rankable({ costMicros: 0 })];
  assert.deepEqual(scoresOf('cheapest', cheap, 0).slice(1), [5, 0]);
  assert.ok((scoresOf('cheapest', cheap, 0)[0] ?? 0) > 1e12);
});

test('a span of the day goes past midnight and follows its time zone through summer time', () => {
  const span = DaySpanConfig.parse({ from: '22:00', to: '06:00', time_zone: 'Europe/Berlin', days: ['fri'] });
  const cases: [string, boolean][] = [
    ['2026-01-09T20:59:00Z', false],
    ['2026-01-09T21:00:00Z', true],
    ['2026-01-10T04:59:00Z', true],
    ['2026-01-10T05:00:00Z', false],
    ['2026-01-10T21:30:00Z', false],
    ['2026-07-10T20:00:00Z', true],
    ['2026-07-11T03:59:00Z', true],
    ['2026-07-11T04:00:00Z', false],
  ];
  for (const [time, inside] of cases) assert.equal(inDaySpan(span, Date.parse(time)), inside, time);
});

test('a turn’s words are read from headers and address; what is not known is a problem with a name', () => {
  assert.equal(readTaskWords({}, '/v1/responses'), NO_WORDS);
  assert.deepEqual(readTaskWords({ 'x-vigiles-tags': 'Burst, night' }, '/v1/x?route=local'), {
    privacy: undefined,
    workspace: undefined,
    intent: undefined,
    tags: ['burst', 'night'],
    route: 'local',
  });
  for (const [name, value] of [
    ['x-vigiles-privacy', 'secret'],
    ['x-vigiles-route', 'moon'],
    ['x-vigiles-tags', 'a b'],
    ['x-vigiles-intent', '../..'],
  ] as const) {
    const problem = readTaskWords({ [name]: value }, '/');
    assert.ok('field' in problem && problem.field === name, name);
  }
});
