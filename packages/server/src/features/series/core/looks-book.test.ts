import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LooksRing } from './looks-book.ts';

const ringOf = (size: number, slots: readonly number[]): LooksRing => {
  const ring = new LooksRing(size);
  for (const slot of slots) ring.set(slot, { up: 1, down: slot });
  return ring;
};

describe('a ring of looks', () => {
  it('grows until it holds as many slots as it is for, in whatever order they come', () => {
    const days = Array.from({ length: 368 }, (_, at) => 20_000 + at);
    for (const order of [days, days.toReversed(), days.toSorted((a, b) => (a % 7) - (b % 7) || a - b)])
      assert.equal(ringOf(368, order).sum(20_000, 20_368).up, 368);
  });

  it('forgets the oldest for the newest, never the other way round', () => {
    const ring = ringOf(48, [...Array.from({ length: 49 }, (_, at) => 100 + at), 100]);
    assert.deepEqual([ring.sum(0, 101).up, ring.sum(101, 149).up], [0, 48]);
  });

  it('takes the newest word about a slot', () => {
    const ring = ringOf(48, [7]);
    ring.set(7, { up: 5, down: 2 });
    assert.deepEqual(ring.sum(7, 8), { up: 5, down: 2 });
  });
});
