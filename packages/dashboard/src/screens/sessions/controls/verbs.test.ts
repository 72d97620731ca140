import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Session } from '@vigiles/contract';
import { reasonAgainst } from './verbs.ts';

const session = (over: Partial<Session>): Session => ({
  session_id: 's',
  created_at: '2026-01-01T00:00:00.000Z',
  status: 'running',
  skills: [],
  metadata: {},
  progress: 0,
  current_skill: null,
  phase: 'running',
  phase_reason: '',
  title: '',
  agent: {
    kind: 'codex',
    name: 'Codex',
    model: null,
    pid: 1,
    capabilities: {
      halt: 'turn',
      resume: true,
      steer: true,
      rollback: false,
      decide: true,
      inject: true,
      reasons: { rollback: 'There is no repository.' },
    },
  },
  cost_microusd: 0,
  tokens: { input: 0, cached: 0, output: 0 },
  last_event_at: null,
  head_seq: 0,
  oldest_seq: 1,
  owner_device_id: 'd',
  tenant: 't',
  pending_decisions: 0,
  watchers: 0,
  ...over,
});

test('what the agent cannot do is refused with the agent’s own reason', () => {
  assert.equal(reasonAgainst(session({}), 'ROLLBACK'), 'There is no repository.');
  assert.equal(reasonAgainst(session({}), 'HALT'), null);
});

test('what the moment forbids is refused with the moment’s reason', () => {
  assert.match(reasonAgainst(session({}), 'RESUME') ?? '', /halted session/);
  assert.equal(reasonAgainst(session({ status: 'halted', phase: 'halted' }), 'RESUME'), null);
  assert.match(reasonAgainst(session({ status: 'halted', phase: 'halted' }), 'HALT') ?? '', /already/);
  const over = { status: 'completed', phase: 'completed' } as const;
  assert.match(reasonAgainst(session({ ...over, agent: null }), 'INJECT') ?? '', /ended/);
});

test('an agent whose turn is complete is told what comes next, and one whose process is gone is resumed', () => {
  const over = { status: 'completed', phase: 'completed' } as const;
  assert.equal(reasonAgainst(session(over), 'REDIRECT'), null);
  assert.equal(reasonAgainst(session({ status: 'failed', phase: 'failed' }), 'INJECT'), null);
  assert.match(reasonAgainst(session(over), 'HALT') ?? '', /Nothing is running/);
  assert.equal(reasonAgainst(session({ status: 'running', phase: 'disconnected' }), 'RESUME'), null);
});

test('without an agent a command may wait for one', () => {
  assert.equal(reasonAgainst(session({ agent: null }), 'HALT'), null);
  assert.equal(reasonAgainst(session({ agent: null }), 'ROLLBACK'), null);
});
