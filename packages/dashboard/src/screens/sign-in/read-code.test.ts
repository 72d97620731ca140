import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCode } from './read-code.ts';

test('the whole link may be pasted', () => {
  assert.equal(readCode(' http://127.0.0.1:8765/sign-in#code=ab%2Bc \n'), 'ab+c');
});

test('a code keeps its characters and loses its spaces', () => {
  assert.equal(readCode(' ABCD 2345 '), 'ABCD2345');
});

test('a link without a code gives nothing, and a broken escape is kept as it is', () => {
  assert.equal(readCode('http://127.0.0.1:8765/'), '');
  assert.equal(readCode('#code=%E0%A4%A'), '%E0%A4%A');
});
