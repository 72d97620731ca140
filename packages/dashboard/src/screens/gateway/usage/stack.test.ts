import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsageBucket } from '@vigiles/contract';
import { colouredKeys, stackUsage } from './stack.ts';

const HOUR = 3_600_000;
const noon = Date.UTC(2026, 0, 2, 12);
const row = (key: string, start: number, cost_micros: number): UsageBucket => ({
  key,
  start,
  turns: 1,
  errors: 0,
  input_tokens: 10,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 5,
  reasoning_tokens: 0,
  cost_micros,
  unpriced_turns: 0,
});

test('hours without turns are zero, and layers stand on each other', () => {
  const { x, layers, sum } = stackUsage(
    [row('a', noon, 4), row('b', noon, 3), row('c', noon + 2 * HOUR, 1)],
    ['a', 'b'],
    'cost',
    { since: noon + 1, until: noon + 2 * HOUR + 5, bucket: 'hour' },
  );
  assert.deepEqual(
    x,
    [noon, noon + HOUR, noon + 2 * HOUR].map((ms) => ms / 1000),
  );
  assert.deepEqual(layers, [
    { key: 'a', values: [4, 0, 0], tops: [4, 0, 0] },
    { key: 'b', values: [3, 0, 0], tops: [7, 0, 0] },
    { key: null, values: [0, 0, 1], tops: [7, 0, 1] },
  ]);
  assert.equal(sum, 8);
});

test('thirty days are thirty and the running one, in whole UTC days', () => {
  const until = noon + 5;
  const { x } = stackUsage([], [], 'tokens', { since: until - 30 * 24 * HOUR, until, bucket: 'day' });
  assert.equal(x.length, 31);
  assert.ok(x.every((seconds) => seconds % 86_400 === 0));
});

test('the largest have a colour of their own, and nothing does that used nothing', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key, i) =>
    Object.assign(row(key, 0, i), { p50_latency_ms: null }),
  );
  assert.deepEqual(colouredKeys(rows, 'cost'), ['g', 'f', 'e', 'd', 'c']);
  assert.deepEqual(colouredKeys(rows.slice(0, 2), 'cost'), ['b']);
});
