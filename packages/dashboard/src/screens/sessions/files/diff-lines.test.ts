import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffCounts, diffLines } from './diff-lines.ts';

test('lines are numbered from where each hunk begins', () => {
  const diff = '--- a/x\n+++ b/x\n@@ -10,3 +10,3 @@ f()\n same\n-old\n+new\n same\n';
  const lines = diffLines(diff);
  assert.deepEqual(
    lines.map(({ kind, before, after }) => [kind, before, after]),
    [
      ['note', null, null],
      ['note', null, null],
      ['hunk', null, null],
      ['same', 10, 10],
      ['remove', 11, null],
      ['add', null, 11],
      ['same', 12, 12],
    ],
  );
  assert.deepEqual(diffCounts(diff), { added: 1, removed: 1 });
});

test('a diff without an end is cut and says by how much', () => {
  const lines = diffLines('+x\n'.repeat(5000));
  assert.equal(lines.length, 2001);
  assert.equal(lines.at(-1)?.text, '… 3000 more lines');
});

test('text that is no diff is shown as it stands', () => {
  assert.deepEqual(
    diffLines('just words').map(({ text }) => text),
    ['just words'],
  );
});
