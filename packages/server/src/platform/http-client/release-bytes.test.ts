import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseBytes } from './release-bytes.ts';

test('the memory of a body that nobody needs goes back at once', () => {
  const body = Buffer.alloc(1_000_000, 'x');
  const before = process.memoryUsage().arrayBuffers;
  releaseBytes(body);
  assert.equal(body.length, 0);
  assert.ok(before - process.memoryUsage().arrayBuffers >= 1_000_000);
});

test('a part of a larger buffer stays, and so does what is small', () => {
  const whole = Buffer.alloc(100_000, 'x');
  const part = whole.subarray(10_000, 60_000);
  const small = Buffer.from('y'.repeat(1000));
  for (const bytes of [part, small]) releaseBytes(bytes);
  assert.equal(part.length, 50_000);
  assert.equal(whole.toString(), 'x'.repeat(100_000));
  assert.equal(small.toString(), 'y'.repeat(1000));
});
