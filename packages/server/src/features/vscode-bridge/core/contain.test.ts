import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containedIn } from './contain.ts';

const roots = ['/home/a/work', '/srv/notes/'];

test('what lies in a root is found there, relative paths in the first', () => {
  assert.deepEqual(containedIn('src/x.ts', roots), { root: '/home/a/work', parts: ['src', 'x.ts'] });
  assert.deepEqual(containedIn('/srv/notes/./a//b/../c.md', roots), {
    root: '/srv/notes/',
    parts: ['a', 'c.md'],
  });
  assert.deepEqual(containedIn('/home/a/work', roots), { root: '/home/a/work', parts: [] });
});

test('nothing leads out, whatever it is called', () => {
  for (const path of [
    '../x',
    'src/../../x',
    '/etc/passwd',
    '/home/a/work2/x',
    '/home/a/work/../../../etc/passwd',
    '/../../etc/passwd',
    '/',
    'x\0y',
  ])
    assert.equal(containedIn(path, roots), null, path);
  assert.equal(containedIn('x', []), null);
});

test('a backslash is a letter where names may hold one, and a separator where drives have letters', () => {
  assert.deepEqual(containedIn('a\\..\\..\\b', ['/w']), { root: '/w', parts: ['a\\..\\..\\b'] });
  assert.deepEqual(containedIn('C:\\w\\a\\b', ['C:\\w']), { root: 'C:\\w', parts: ['a', 'b'] });
  assert.equal(containedIn('C:\\w\\..\\x', ['C:\\w']), null);
});
