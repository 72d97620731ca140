import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteAttempt } from '@vigiles/contract';
import { courseOf } from './stream-line.ts';

const attempt = (over: Partial<RouteAttempt>): RouteAttempt => ({
  provider: 'one',
  model: 'm',
  started_ms: 0,
  latency_ms: 100,
  outcome: 'ok',
  cause: null,
  status: 200,
  message: null,
  ...over,
});

test('attempts lie behind each other over the whole of the turn, the first content in the last', () => {
  const failed = attempt({ latency_ms: 250, outcome: 'failed', cause: 'overloaded', status: 529 });
  const bars = courseOf({ latency_ms: 1000, ttft_ms: 500 }, [
    failed,
    attempt({ started_ms: 250, latency_ms: 750 }),
  ]);
  assert.deepEqual(
    bars.map(({ from, size, first, tone, note }) => [from, size, first, tone, note]),
    [
      [0, 0.25, null, 'bad', 'failed, overloaded, 529'],
      [0.25, 0.75, 0.5, 'ok', 'answered, 200'],
    ],
  );
});

test('no bar leaves the picture, and one of no length can still be seen', () => {
  const [bar] = courseOf({ latency_ms: 0, ttft_ms: null }, [attempt({ latency_ms: 0 })]);
  assert.deepEqual([bar?.from, bar?.size, bar?.first], [0, 0.004, null]);
  const [late] = courseOf({ latency_ms: 10, ttft_ms: 90 }, [attempt({ started_ms: 5, latency_ms: 20 })]);
  assert.ok(late && late.from + late.size <= 1 && (late.first ?? 0) <= 1);
});
