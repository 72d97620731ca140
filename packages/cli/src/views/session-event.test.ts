import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { eventLine } from './session-event.ts';

const event = (type: string, data: object): SessionEvent =>
  ({ session_id: 'ses_1', seq: 1, ts: 0, type, actor: 'agent', data }) as unknown as SessionEvent;

test('an event says what it is about, in one line and without control characters', () => {
  const line = (type: string, data: object) => eventLine(event(type, data));
  assert.equal(
    line('command:update', { command_type: 'HALT', state: 'applied', note: '' }),
    'command:update  HALT applied',
  );
  assert.equal(
    line('skill:started', { skill_name: 'shell', parameters: { command: 'ls' } }),
    'skill:started  shell: ls',
  );
  assert.equal(line('skill:started', { skill_name: 'plan', parameters: null }), 'skill:started  plan');
  assert.equal(
    line('skill:failed', { skill_name: 'Bash', error: 'it is not allowed' }),
    'skill:failed  Bash: it is not allowed',
  );
  assert.equal(line('skill:failed', { skill_name: 'Bash', error: null }), 'skill:failed  Bash');
  assert.equal(line('execution:completed', { plan_id: 'x' }), 'execution:completed');
  assert.ok(!line('message:assistant', { text: 'a\u001b[31mb' }).includes('\u001b'));
});

test('a question is followed by what to type', () => {
  const asked = { decision_id: 'dec_1', question: 'Run: ls', options: ['deny'] };
  const options = [{ id: 'allow', label: 'allow', kind: 'allow_once' }, { id: 'allow and remember' }];
  assert.equal(
    eventLine(event('decision:point', { ...asked, options })),
    'decision:point  Run: ls\n  vigiles session decide ses_1 dec_1 allow | "allow and remember"',
  );
  assert.match(eventLine(event('decision:point', { ...asked, options: [] })), /dec_1 TEXT$/);
  assert.match(eventLine(event('decision:point', asked)), /dec_1 deny$/);
});
