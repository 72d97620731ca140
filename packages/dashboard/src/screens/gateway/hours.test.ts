import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsageRow } from '@vigiles/contract';
import { fillHours, hourOf } from './hours.ts';

const at = Date.UTC(2026, 0, 2, 3);

test('an hour is read from ISO text and from milliseconds', () => {
  for (const key of ['2026-01-02T03', '2026-01-02T03:00:00.000Z', '2026-01-02 03:00', String(at)]) {
    assert.equal(hourOf(key), at);
  }
  assert.ok(Number.isNaN(hourOf('gpt-6')));
});

test('hours without turns are there, with 0', () => {
  const rows = [{ key: '2026-01-02T03', turns: 4 } as UsageRow];
  const { x, y } = fillHours(rows, 3, at + 3_600_000 + 5, (row) => row.turns);
  assert.deepEqual(y, [0, 4, 0]);
  assert.equal(x[1], at / 1000);
});
