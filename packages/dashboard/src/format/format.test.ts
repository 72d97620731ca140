import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAgo, formatMs, formatSpan } from './duration.ts';
import { labelOf } from './label.ts';
import { formatMicros } from './money.ts';
import { formatCompact, formatCount, formatMegabytes, formatShare } from './number.ts';

test('what is not known is a dash and never 0', () => {
  for (const format of [
    formatMs,
    formatSpan,
    formatMicros,
    formatCompact,
    formatCount,
    formatShare,
    formatMegabytes,
  ]) {
    assert.equal(format(null), '—');
    assert.equal(format(undefined), '—');
  }
  assert.equal(formatAgo(null, 0), '—');
});

test('a share below one is never rounded up to 100%', () => {
  assert.equal(formatShare(1), '100%');
  assert.equal(formatShare(0.99999), '99.99%');
  assert.equal(formatShare(0.8), '80.0%');
  assert.equal(formatShare(0), '0%');
});

test('a sum that is not zero is never shown as zero', () => {
  assert.equal(formatMicros(0), '$0.00');
  assert.equal(formatMicros(3), '<$0.0001');
  assert.equal(formatMicros(4_200), '$0.0042');
  assert.equal(formatMicros(1_240_000), '$1.24');
  assert.equal(formatMicros(1_234_567_890), '$1,234.57');
});

test('durations keep about three significant places', () => {
  assert.equal(formatMs(0.42), '0.4 ms');
  assert.equal(formatMs(38.4), '38 ms');
  assert.equal(formatMs(1_240), '1.24 s');
  assert.equal(formatMs(125_000), '2m 05s');
});

test('spans show their two largest units and are never negative', () => {
  assert.equal(formatSpan(-5), '0s');
  assert.equal(formatSpan(11_520_000), '3h 12m');
  assert.equal(formatSpan(371_000_000), '4d 7h');
});

test('an age has one unit and a future moment is now', () => {
  assert.equal(formatAgo(1000, 0), 'now');
  assert.equal(formatAgo(0, 12_000), '12s ago');
  assert.equal(formatAgo(0, 7_200_000), '2h ago');
});

test('narrow counts are exact up to 9,999', () => {
  assert.equal(formatCompact(9_999), '9,999');
  assert.equal(formatCompact(1_234_567), '1.2M');
});

test('the name of a setting is said in words, its unit in brackets', () => {
  assert.deepEqual(['interval_s', 'max_memory_mb', 'ca_file', 'webhook_url', 'url', 'to'].map(labelOf), [
    'Interval (s)',
    'Max memory (MB)',
    'CA file',
    'Webhook URL',
    'URL',
    'To',
  ]);
});
