import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '@vigiles/contract';
import { lookAtWatchdog } from './look-at-watchdog.ts';

const service = (ts: number | null, interval = 5): Service =>
  ({
    checks: [{ type: 'tcp', target: 'x', interval_s: interval }],
    beats: ts === null ? [] : [{ ts, state: 'UP', latency_ms: 1 }],
  }) as unknown as Service;

test('the watchdog is alive while it looks at anything, and has time to begin', () => {
  assert.equal(lookAtWatchdog([], 0, 1e9), null);
  assert.equal(lookAtWatchdog([service(null)], 0, 60_000), null);
  assert.equal(lookAtWatchdog([service(null)], 0, 61_000), 'nothing was looked at for 61 s');
  assert.equal(lookAtWatchdog([service(null), service(100_000)], 0, 150_000), null);
  assert.equal(lookAtWatchdog([service(0, 3600)], 0, 3_600_000), null);
});
