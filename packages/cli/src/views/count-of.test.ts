import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf } from './count-of.ts';

test('one problem is one problem', () => {
  assert.equal(countOf(1, 'problem'), '1 problem');
  assert.equal(countOf(2, 'problem'), '2 problems');
});
