import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesAnswer } from '@vigiles/contract';
import { appendAnswer, tailOf } from './append.ts';
import { parseSpan } from './span.ts';

function answer(start: number, values: (number | null)[], step = 10): SeriesAnswer {
  const none = { up: 0, down: 0, unknown: 0, planned: 0 };
  return {
    from: start,
    to: start + values.length * step,
    start,
    step_ms: step,
    buckets: values.length,
    resolution: 'raw',
    lines: [
      {
        name: 'latency',
        target: 'web',
        unit: 'ms',
        avg: values,
        min: values,
        max: values,
        p50: values,
        p95: values,
        p99: values,
        sum: values,
        up: [],
        summary: {
          samples: 1,
          min: 1,
          max: 1,
          avg: 1,
          p50: 1,
          p95: 1,
          p99: 1,
          sum: 1,
          last: values.at(-1) ?? null,
          looks: none,
          uptime: null,
        },
      },
    ],
  };
}

test('only the end is asked for again, and takes the place of what may have changed', () => {
  const known = answer(100, [1, 2, 3, null]);
  assert.deepEqual(tailOf(known, 155), { from: 120, points: 4 });
  const joined = appendAnswer(known, answer(120, [3, 4, 5, 6]), 115);
  assert.deepEqual(joined?.lines[0]?.avg, [2, 3, 4, 5, 6]);
  assert.equal(joined?.start, 110);
  assert.equal(joined?.buckets, 5);
  assert.equal(joined?.lines[0]?.summary.last, 6);
});

test('what does not fit is read whole', () => {
  const known = answer(100, [1, 2, 3]);
  assert.equal(appendAnswer(known, answer(120, [3, 4], 5), 100), null);
  assert.equal(appendAnswer(known, { ...answer(120, [3]), lines: [] }, 100), null);
  assert.equal(appendAnswer(known, answer(180, [9]), 100), null);
  assert.equal(tailOf(known, 10_000), null);
});

test('a span comes from the address, and nonsense is an hour', () => {
  assert.equal(parseSpan('7d').lengthMs, 604_800_000);
  assert.deepEqual(parseSpan('1700000000000-1700003600000').from, 1_700_000_000_000);
  for (const odd of [undefined, '', 'x', '1700003600000-1700000000000', '1-2'])
    assert.equal(parseSpan(odd).id, '1h');
});
