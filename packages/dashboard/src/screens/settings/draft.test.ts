import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeEntry, setEdit, toPatch, valueAt, workingCopy, type DraftEdit } from './draft.ts';

const base = {
  server: { port: 8765 },
  rules: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
  defaults: [{ name: 'built in' }],
};
const inFile = (path: readonly (string | number)[]): boolean => path[0] !== 'defaults';
const draft = (...steps: [readonly (string | number)[], unknown][]): DraftEdit[] =>
  steps.reduce<DraftEdit[]>((edits, [path, value]) => setEdit(edits, base, path, value), []);

test('a value that is set back to what the file says is no change', () => {
  assert.deepEqual(draft([['server', 'port'], 9000], [['server', 'port'], 8765]), []);
});

test('what is set below a new entry becomes part of it', () => {
  const edits = draft([['rules', 3], { name: '' }], [['rules', 3, 'name'], 'd']);
  assert.deepEqual(edits, [{ path: ['rules', 3], value: { name: 'd' } }]);
  assert.equal(valueAt(workingCopy(base, edits), ['rules', 3, 'name']), 'd');
});

test('entries go from the end, after values were set, so that each path means what it meant', () => {
  let edits = draft([['rules', 2, 'name'], 'C'], [['rules', 3], { name: 'd' }]);
  edits = removeEntry(edits, base, ['rules', 0]);
  edits = removeEntry(edits, base, ['rules', 1]);
  assert.deepEqual(toPatch(edits, base, inFile), [
    { path: ['rules', 2, 'name'], value: 'C' },
    { path: ['rules', 3], value: { name: 'd' } },
    { path: ['rules', 1], value: null },
    { path: ['rules', 0], value: null },
  ]);
});

test('a new entry that is taken back leaves the others in place', () => {
  const edits = draft([['rules', 3], { name: 'd' }], [['rules', 4], { name: 'e' }]);
  assert.deepEqual(removeEntry(edits, base, ['rules', 3]), [{ path: ['rules', 3], value: { name: 'e' } }]);
});

test('a list of defaults that the file does not have is written as a whole', () => {
  const edits = draft([['defaults', 1], { name: 'ours' }]);
  assert.deepEqual(toPatch(edits, base, inFile), [
    { path: ['defaults'], value: [{ name: 'built in' }, { name: 'ours' }] },
  ]);
});
