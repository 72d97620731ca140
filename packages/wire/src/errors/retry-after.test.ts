import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRetryAfter, parseRetryWords } from './retry-after.ts';

const NOW = Date.parse('2026-01-02T03:04:05Z');

test('seconds, decimals, milliseconds and dates are read from headers in any case', () => {
  assert.equal(parseRetryAfter({ 'retry-after': '7' }, NOW), 7000);
  assert.equal(parseRetryAfter({ 'Retry-After': ' 0.25 ' }, NOW), 250);
  assert.equal(parseRetryAfter({ 'retry-after': '7', 'retry-after-ms': '1234.5' }, NOW), 1235);
  assert.equal(parseRetryAfter({ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, NOW), 10_000);
  assert.equal(parseRetryAfter({ 'retry-after': 'Fri, 02 Jan 2026 03:00:00 GMT' }, NOW), 0);
});

test('nonsense is no wait', () => {
  for (const value of ['', 'soon', '-5', 'NaN', '1e9', 'Infinity']) {
    assert.equal(parseRetryAfter({ 'retry-after': value }, NOW), undefined, value);
  }
  assert.equal(parseRetryAfter({ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, Number.NaN), undefined);
});

test('the message is read where no header says anything', () => {
  assert.equal(parseRetryAfter({}, NOW, 'Please try again in 1.2s.'), 1200);
  assert.equal(parseRetryAfter({ 'retry-after': '3' }, NOW, 'Please try again in 1.2s.'), 3000);
});

test('waits in words come in all units', () => {
  const cases: [string, number | undefined][] = [
    ['Please try again in 20ms. Visit …', 20],
    ['try again in 1m3s.', 63_000],
    ['try again in 1h2m3.5s', 3_723_500],
    ['Please retry in 12.34s.', 12_340],
    ['retry after 5 seconds', 5000],
    ['Please wait 2 minutes and 10 seconds', 130_000],
    ['try again in 6m0s', 360_000],
    ['try again later', undefined],
    ['limit 20, used 30s ago', undefined],
  ];
  for (const [message, wait] of cases) assert.equal(parseRetryWords(message), wait, message);
});
