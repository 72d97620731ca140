import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastKnown } from './last-known.ts';

test('a figure is asked for once at a time, and stays what it was while nobody answers', async () => {
  const answers: (() => Promise<number>)[] = [
    async () => 3,
    () => Promise.reject(new Error('away')),
    () => new Promise(() => undefined),
  ];
  let asked = 0;
  const figure = lastKnown(() => answers[asked++]?.() ?? Promise.resolve(9), 20);
  assert.deepEqual(await Promise.all([figure(), figure()]), [3, 3]);
  assert.equal(asked, 1);
  assert.equal(await figure(), 3);
  assert.equal(await figure(), 3);
  assert.equal(await figure(), 3);
  assert.equal(asked, 3);
});
