import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verdict } from '@vigiles/contract';
import { explain, patternOf, restBeforeRetryMs } from './index.ts';

const verdict: Verdict = {
  kind: 'infrastructure',
  retry: true,
  confidence: 0.953,
  rule: 'npm-network',
  line: { number: 812, text: 'npm error code ECONNRESET' },
  reason: 'The job “build” failed: npm lost its connection to the registry.',
  runner_up: null,
};

test('a verdict is told in one line with its rule, its line and what follows', () => {
  assert.equal(
    explain(verdict),
    'The job “build” failed: npm lost its connection to the registry (npm-network, 95 % sure). Line 812 says: “npm error code ECONNRESET”. A second try is likely to pass.',
  );
});

test('an annotation has no number of a line, and nothing is sure about what is unknown', () => {
  assert.match(explain({ ...verdict, line: { number: 0, text: 'lost' } }), / GitHub says: “lost”\./);
  const unknown = { ...verdict, rule: 'none', line: null, retry: false, reason: 'No idea.' };
  assert.equal(explain(unknown), 'No idea.');
});

test('a pattern is the workflow and the kind, in one line and bounded', () => {
  assert.equal(patternOf('Deploy', 'build'), 'Deploy:build');
  assert.equal(patternOf('a\n\u202eb\tc', 'test'), 'a b c:test');
  assert.equal(patternOf(' ', 'test'), 'workflow:test');
  assert.equal(patternOf('x'.repeat(500), 'lint').length, 105);
});

test('limits of requests are waited out longer than broken networks', () => {
  assert.ok(restBeforeRetryMs({ kind: 'rate_limit' }) > restBeforeRetryMs({ kind: 'infrastructure' }));
  assert.equal(restBeforeRetryMs({ kind: 'flaky_test' }), 0);
});
