import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeLines, type LogLine } from './service-log.ts';

const texts = (lines: readonly LogLine[]) => lines.map(({ text }) => text);

test('lines are put behind one another, each with a number that it keeps', () => {
  const first = takeLines([], { lines: ['a', 'b'], reset: true });
  const second = takeLines(first, { lines: ['c'], reset: false });
  assert.deepEqual(texts(second), ['a', 'b', 'c']);
  assert.equal(second[0], first[0]);
  assert.equal(new Set(second.map(({ id }) => id)).size, 3);
});

test('a file that was replaced begins anew, and its lines are not taken for the old ones', () => {
  const first = takeLines([], { lines: ['a', 'b'], reset: true });
  const anew = takeLines(first, { lines: ['x'], reset: true });
  assert.deepEqual(texts(anew), ['x']);
  assert.ok(first.every(({ id }) => id !== anew[0]?.id));
});

test('only the last thousand are kept, and colours of a terminal are taken out', () => {
  const many = takeLines([], {
    lines: Array.from({ length: 3_000 }, (_, i) => `\u001b[31m${i}\u001b[0m`),
    reset: true,
  });
  assert.equal(many.length, 1_000);
  assert.equal(many.at(-1)?.text, '2999');
});
