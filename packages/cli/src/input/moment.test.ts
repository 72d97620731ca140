import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMoment } from './moment.ts';

test('a moment is so long ago, a time of today, or a date', () => {
  const now = new Date(2026, 10, 21, 15).getTime();
  assert.equal(readMoment('90s', now), now - 90_000);
  assert.equal(readMoment('15m', now), now - 900_000);
  assert.equal(readMoment('1.5h ago', now), now - 5_400_000);
  assert.equal(readMoment('2d', now), now - 172_800_000);
  assert.equal(readMoment('14:30', now), now - 1_800_000);
  assert.equal(readMoment('2026-11-21T00:00:00Z', now), Date.UTC(2026, 10, 21));
  for (const text of ['', 'yesterday', '5', '10 years', '2026-99-99'])
    assert.equal(readMoment(text, now), null);
});
