import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from './read-answer.ts';

const allowed = [
  { id: 'run_script', description: '', risk: 'destructive', numbers: [], scripts: ['mend'] },
  { id: 'increase_timeout', description: '', risk: 'reversible', numbers: ['factor'], scripts: [] },
] as const;
const read = (action: string, params: object, confidence = 0.9) =>
  readAnswer(JSON.stringify({ action, params, reason: 'because', confidence }), allowed, 0.7);

test('a script that may be chosen is handed on as the runner knows it, and no other is', () => {
  const chosen = read('run_script', { script: 'mend' });
  assert.deepEqual(chosen.kind === 'ok' && chosen.params, { name: 'mend' });
  assert.equal(read('run_script', { script: 'wipe' }).kind, 'not_allowed');
  assert.equal(read('run_script', { name: 'mend' }).kind, 'not_allowed');
});

test('numbers within the action’s parameters are kept; anything else refuses the answer', () => {
  const chosen = read('increase_timeout', { factor: 3 });
  assert.deepEqual(chosen.kind === 'ok' && chosen.params, { factor: 3 });
  assert.equal(read('increase_timeout', { factor: 'ten' }).kind, 'not_allowed');
  assert.equal(read('increase_timeout', { target: 'provider:other' }).kind, 'not_allowed');
  assert.equal(read('increase_timeout', { factor: 3 }, 0.2).kind, 'low_confidence');
  assert.equal(readAnswer('Sure! {"action":"ignore"}', allowed, 0.7).kind, 'invalid');
});
