import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditOf } from './audit.ts';

test('each part is tokens times its rate, and what was rounded up is told', () => {
  const { lines, rounded } = auditOf({
    cost_micros: 31,
    cost_lines: [
      { part: 'input', tokens: 10, rate: 3, micros: 30, above_tokens: null },
      { part: 'cache_read', tokens: 2, rate: 0.3, micros: 0.6, above_tokens: 200_000 },
    ],
  });
  assert.deepEqual(lines, [
    { name: 'Input', tokens: 10, rate: '$3.00 / 1M', micros: 30 },
    { name: 'Read from cache, above 200,000 tokens', tokens: 2, rate: '$0.30 / 1M', micros: 0.6 },
  ]);
  assert.ok(Math.abs(rounded - 0.4) < 1e-9);
});

test('a price per request has no tokens', () => {
  const { lines } = auditOf({
    cost_micros: 5000,
    cost_lines: [{ part: 'request', tokens: 1, rate: 5000, micros: 5000, above_tokens: null }],
  });
  assert.deepEqual(lines, [{ name: 'Per request', tokens: null, rate: '$0.005', micros: 5000 }]);
});
