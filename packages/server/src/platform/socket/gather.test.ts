import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGather } from './gather.ts';

/** What was handed on, and a promise of the next time. */
function stage(everyMs: number) {
  const handed: (readonly number[])[] = [];
  let next = Promise.withResolvers<void>();
  const gather = createGather<number>(everyMs, (items) => {
    handed.push(items);
    next.resolve();
    next = Promise.withResolvers();
  });
  return { handed, gather, next: () => next.promise };
}

describe('gathering', () => {
  it('hands on at once what comes after a pause, with all of the same turn', async () => {
    const { handed, gather } = stage(60_000);
    for (const item of [1, 2, 3]) gather.put(item);
    await Promise.resolve();
    assert.deepEqual(handed, [[1, 2, 3]]);
  });

  it('hands on together what follows within the interval', async () => {
    const { handed, gather, next } = stage(20);
    gather.put(1);
    await Promise.resolve();
    gather.put(2);
    await Promise.resolve();
    gather.put(3);
    assert.deepEqual(handed, [[1]]);
    await next();
    assert.deepEqual(handed, [[1], [2, 3]]);
  });

  it('hands on in order what it is told to, and a flood in pieces', async () => {
    const { handed, gather } = stage(60_000);
    gather.put(1);
    gather.flush();
    for (let item = 2; item <= 500; item += 1) gather.put(item);
    gather.flush();
    await Promise.resolve();
    assert.deepEqual(
      handed.flat(),
      Array.from({ length: 500 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      handed.map(({ length }) => length),
      [1, 200, 200, 99],
    );
  });
});
