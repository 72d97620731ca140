import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyond, nameOf, timeOf } from './name.ts';

test('names sort by time and tell it; what is not ours is never deleted', () => {
  const at = Date.UTC(2026, 10, 21, 3, 15, 7, 999);
  const name = nameOf(at, 'bak_AB12');
  assert.equal(name, 'vigiles-20261121T031507Z-bakab12.backup.age');
  assert.equal(timeOf(name), Date.UTC(2026, 10, 21, 3, 15, 7));
  const names = [3, 1, 2, 0].map((day) => nameOf(at + day * 86_400_000, 'bak_1'));
  const foreign = ['vigiles.yaml', 'vigiles-x.backup.age', `../${name}`, `${name}.partial`];
  assert.deepEqual(beyond([...names, ...foreign], 2), [names[1], names[3]]);
  assert.deepEqual(beyond(foreign, 1), []);
});
