import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparklinePath } from './sparkline-path.ts';

test('a look without an answer breaks the line', () => {
  const d = sparklinePath([1, null, 1, 1], 30, 10);
  assert.equal(d.match(/M/g)?.length, 2);
  assert.equal(d.match(/L/g)?.length, 1);
});

test('no known value draws nothing', () => {
  assert.equal(sparklinePath([], 30, 10), '');
  assert.equal(sparklinePath([null, null], 30, 10), '');
});

test('a flat line of zeros stays inside the box', () => {
  assert.match(sparklinePath([0, 0], 30, 10), /^M0\.0 9\.0L30\.0 9\.0$/);
});
