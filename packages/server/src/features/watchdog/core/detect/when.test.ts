import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canHold, holds, lacking, mentions, parseWhen, type When } from './when.ts';

const parsed = (text: string): When => {
  const result = parseWhen(text);
  assert.ok(result.ok, text);
  return result.when;
};
const refusal = (text: string): string => {
  const result = parseWhen(text);
  assert.ok(!result.ok, text);
  return `${result.column}: ${result.message}`;
};
const truth = (text: string, ...seen: string[]): boolean =>
  holds(parsed(text), (name) => seen.includes(name));

test('not binds closest, then and, then or', () => {
  assert.equal(truth('a or b and c', 'a'), true);
  assert.equal(truth('(a or b) and c', 'a'), false);
  assert.equal(truth('not a and b', 'b'), true);
  assert.equal(truth('not (a and b)', 'a', 'b'), false);
  assert.equal(truth('not not a', 'a'), true);
});

test('an expression says at which column it is wrong', () => {
  assert.equal(refusal('a and'), '6: a signal is missing at the end');
  assert.equal(refusal('and a'), '1: a signal is missing before `and`');
  assert.equal(refusal('a b'), '3: `b` is not expected here');
  assert.equal(refusal('(a or b'), '8: the ( at column 1 is never closed');
  assert.equal(refusal('a && b'), '3: `&` means nothing here: only signals, and, or, not, ( )');
  assert.equal(refusal('process.exit(1)'), '8: `.` means nothing here: only signals, and, or, not, ( )');
  assert.equal(refusal(''), '1: a signal is missing at the end');
  assert.match(refusal(`${'('.repeat(400)}a`), /nested deeper/);
});

test('signals are told in the order they stand', () => {
  assert.deepEqual(
    mentions(parsed('b and (a or not b)')).map(({ name, column }) => `${name}@${column}`),
    ['b@1', 'a@8', 'b@17'],
  );
});

test('an expression that nothing can make true is found', () => {
  assert.equal(canHold(parsed('a and not a'), ['a']), false);
  assert.equal(canHold(parsed('a and b'), ['a']), false);
  assert.equal(canHold(parsed('a or b'), ['b']), true);
  assert.equal(canHold(parsed('a and not b'), ['a', 'b']), true);
});

test('what is still missing is said in words', () => {
  const when = parsed('port_in_use and (died or hangs)');
  assert.deepEqual(
    lacking(when, (name) => name === 'port_in_use'),
    ['none of `died`, `hangs` is seen'],
  );
  assert.deepEqual(
    lacking(parsed('a and not b'), () => true),
    ['`b` must not be seen'],
  );
});
