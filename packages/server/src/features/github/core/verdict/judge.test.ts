import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './index.ts';

const run = { event: 'push', workflow_name: 'CI', attempt: 1, conclusion: 'failure' };
const clean = { same_sha_passed: false, same_step_lost_before: false };
const lost = 'The hosted runner: pool-2 lost communication with the server. Verify the machine is running.';
const job = { name: 'build', conclusion: 'failure', failed_step: null, log: '', annotations: [lost] };

test('a runner that was lost is infrastructure and worth a retry', () => {
  const verdict = judge({ jobs: [job], run, history: clean });
  assert.equal(verdict.kind, 'infrastructure');
  assert.equal(verdict.rule, 'runner-lost');
  assert.equal(verdict.retry, true);
  assert.deepEqual(verdict.line, { number: 0, text: lost });
});

test('a runner that was lost in the same step before was starved, and is not tried again', () => {
  const verdict = judge({ jobs: [job], run, history: { ...clean, same_step_lost_before: true } });
  assert.equal(verdict.kind, 'out_of_memory');
  assert.equal(verdict.retry, false);
});

test('a job that left nothing is unknown, and nobody guesses', () => {
  const verdict = judge({ jobs: [{ ...job, annotations: [] }], run, history: clean });
  assert.equal(verdict.kind, 'unknown');
  assert.equal(verdict.retry, false);
  assert.equal(verdict.rule, 'none');
});
