import assert from 'node:assert/strict';
import { it } from 'node:test';
import { byText, byTextAndNumber } from './text-order.ts';

it('orders ids by their letters, and numbers in them by size', () => {
  assert.deepEqual(['b', 'a', 'B', 'a'].toSorted(byText), ['B', 'a', 'a', 'b']);
  const ids = ['B10', 'B2', 'A1', 'my-rule-2', 'B2x', 'my-rule', 'my-rule-10', '10', '9', '', 'B02'];
  assert.deepEqual(ids.toSorted(byTextAndNumber), [
    '',
    '9',
    '10',
    'A1',
    'B02',
    'B2',
    'B2x',
    'B10',
    'my-rule',
    'my-rule-2',
    'my-rule-10',
  ]);
});
