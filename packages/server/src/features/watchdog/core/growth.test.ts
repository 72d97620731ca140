import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createGrowth } from './growth.ts';

const minute = 60_000;
/** Values each minute for an hour. */
const hourOf = (value: (minutes: number) => number): number | null => {
  const growth = createGrowth(60 * minute);
  for (let at = 0; at <= 60; at += 1) growth.add(at * minute, value(at));
  return growth.perHour();
};

it('finds a leak under a heap that fills and is collected', () => {
  const leak = hourOf((minutes) => 200 + minutes * 2 + (minutes % 5) * 60);
  assert.ok(leak !== null && Math.abs(leak - 120) < 15, String(leak));
});

it('does not take a heap that only breathes for a leak', () => {
  const breathing = hourOf((minutes) => 200 + (minutes % 7) * 80);
  assert.ok(breathing !== null && Math.abs(breathing) < 40, String(breathing));
});

it('is not moved by one outlier or by warming up', () => {
  const outlier = hourOf((minutes) => (minutes === 30 ? 4000 : 200));
  assert.equal(outlier, 0);
  const warm = hourOf((minutes) => 300 - 200 * Math.exp(-minutes / 4));
  assert.ok(warm !== null && warm < 10, String(warm));
});

it('says nothing too early, and starts anew for another process', () => {
  const growth = createGrowth(60 * minute);
  for (let at = 0; at < 40; at += 1) growth.add(at * minute, at);
  assert.equal(growth.perHour(), null);
  for (let at = 40; at < 60; at += 1) growth.add(at * minute, at);
  assert.ok((growth.perHour() ?? 0) > 50);
  growth.reset();
  assert.equal(growth.perHour(), null);
});
