import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decision, type VigilesEvent } from '@vigiles/contract';
import { noticeOf } from './notice.ts';

const event = (type: string, data: object) =>
  ({ seq: 1, id: 'evt_1', type, ts: 5, actor: 'agent', subject: null, data }) as unknown as VigilesEvent;

test('a person is told of an agent that waits for an answer, with the answers there are', () => {
  const decision = Decision.parse({
    decision_id: 'dec_1',
    session_id: 'build',
    tenant: 'main',
    kind: 'permission',
    question: 'Run rm -rf dist?',
    options: [
      { id: 'yes', label: 'Allow once', kind: 'allow_once' },
      { id: 'no', label: '', kind: 'reject_once' },
    ],
    default: null,
    on_timeout: 'deny',
    opened_at: 5,
    expires_at: null,
    state: 'pending',
    resolution: null,
    detail: {},
  });
  const told = noticeOf(event('decision.opened', { decision, title: 'Build it' }));
  assert.equal(told?.title, 'Build it asks for permission');
  assert.equal(told.message, 'Run rm -rf dist? (Allow once, no)');
  assert.deepEqual([told.kind, told.severity, told.service], ['session', 'warning', 'session:build']);
});

test('a session that failed is told, one that was completed is not', () => {
  const ended = (status: string) =>
    noticeOf(event('session.ended', { session_id: 's', tenant: 'main', title: '', status, reason: 'why' }));
  assert.deepEqual([ended('failed')?.title, ended('failed')?.message], ['s has failed', 'why']);
  assert.equal(ended('completed'), null);
});

test('what another tenant’s agents ask, and how they end, is told to nobody in the house', () => {
  const of = { session_id: 's', tenant: 'other', title: '', status: 'failed', reason: '' };
  assert.equal(noticeOf(event('session.ended', of)), null);
  assert.equal(noticeOf(event('decision.opened', { decision: { ...of, options: [] }, title: '' })), null);
});
