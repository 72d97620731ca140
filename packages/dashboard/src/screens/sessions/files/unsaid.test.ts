import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsaidFiles } from './unsaid.ts';

test('files that commands changed are told from those the agent spoke of, by whatever path', () => {
  const changes = [
    { path: 'made.txt', kind: 'delete' },
    { path: 'mine.txt', kind: 'restore' },
    { path: 'gone.txt', kind: 'recreate' },
    { path: 'src/said.ts', kind: 'restore' },
    { path: 'other.ts', kind: 'restore' },
  ] as const;
  const found = unsaidFiles({ folder: '/w', changes: [...changes] }, [
    '/w/src/said.ts',
    'other.ts',
    '/w2/made.txt',
  ]);
  assert.deepEqual(found, [
    { path: 'made.txt', kind: 'created' },
    { path: 'mine.txt', kind: 'modified' },
    { path: 'gone.txt', kind: 'deleted' },
  ]);
});
