import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '@vigiles/contract';
import { decisionOutcome } from './decision-outcome.ts';

const decision = (over: Partial<Decision>): Decision => ({
  decision_id: 'd',
  session_id: 's',
  tenant: 't',
  kind: 'permission',
  question: 'May it?',
  options: [{ id: 'y', label: 'Yes, once', kind: 'allow_once' }],
  default: null,
  on_timeout: 'deny',
  opened_at: 0,
  expires_at: null,
  state: 'resolved',
  resolution: null,
  detail: {},
  ...over,
});
const by = { by: 'device:dev_1', at: 1, note: '' };

test('who lost the race is told who won, and with which answer', () => {
  const told = decisionOutcome(
    decision({ resolution: { source: 'operator', choice: 'y', ...by } }),
    () => 'Ada’s laptop',
  );
  assert.equal(told.title, 'Ada’s laptop answered “Yes, once”');
});

test('a question that expired is no refusal by a person', () => {
  const expired = { source: 'expired', choice: null, ...by } as const;
  assert.match(decisionOutcome(decision({ resolution: expired }), String).title, /Nobody answered in time/);
  assert.match(
    decisionOutcome(decision({ resolution: expired, on_timeout: 'halt' }), String).next,
    /Resume it/,
  );
});
