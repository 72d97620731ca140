import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision, Incident, Session } from '@vigiles/contract';
import { statusLine } from './status-line.ts';
import { createToastLimit } from './toast-limit.ts';
import { oneLine, treeOf } from './tree.ts';

const session = (more: Partial<Session>): Session => ({
  session_id: 's1',
  created_at: '2026-01-01T00:00:00.000Z',
  status: 'running',
  skills: [],
  metadata: {},
  progress: 0,
  current_skill: null,
  phase: 'running',
  phase_reason: '',
  title: 'Mend the roof',
  agent: null,
  cost_microusd: 1_234_567,
  tokens: { input: 0, cached: 0, output: 0 },
  last_event_at: null,
  head_seq: 0,
  oldest_seq: 0,
  owner_device_id: 'd',
  tenant: 'main',
  pending_decisions: 0,
  watchers: 0,
  ...more,
});
const decision = {
  decision_id: 'd1',
  session_id: 's1',
  question: 'Tiles\nor\u202eslate?',
  options: [],
} as unknown as Decision;
const incident = {
  id: 'i1',
  title: 'gateway is down',
  target: 'gateway',
  service: 'gateway',
  state: 'needs_person',
  severity: 'critical',
  acknowledged_by: null,
  timeline: [],
} as unknown as Incident;

test('what waits for a person stands first, and empty groups are left out except the sessions', () => {
  assert.deepEqual(
    treeOf({ sessions: [], incidents: [], decisions: [] }).map(({ label }) => label),
    ['Sessions'],
  );
  const sessions = [
    session({}),
    session({ session_id: 's2', status: 'halted' }),
    session({ session_id: 's3', status: 'failed' }),
  ];
  const tree = treeOf({ sessions, incidents: [incident], decisions: [decision] });
  assert.deepEqual(
    tree.map(({ label, description }) => [label, description]),
    [
      ['Questions', '1'],
      ['Incidents', '1'],
      ['Sessions', '2'],
      ['Ended', '1'],
    ],
  );
  assert.deepEqual(
    tree.flatMap(({ children }) => children.map(({ context }) => context)),
    [
      'vigiles.question',
      'vigiles.incident',
      'vigiles.session.running',
      'vigiles.session.halted',
      'vigiles.session.ended',
    ],
  );
});

test('words of agents become one line without letters that turn or hide text', () => {
  const [questions] = treeOf({ sessions: [session({})], incidents: [], decisions: [decision] });
  assert.equal(questions?.children[0]?.label, 'Tiles or slate?');
  assert.equal(oneLine('x'.repeat(500)).length, 120);
});

test('the status line says what today cost, what runs and what waits, and alarms only for what waits', () => {
  const facts = { sessions: [session({})], incidents: [], decisions: [] };
  const status = {
    budgets: { spent_today_micros: 2_500_000, daily_usd: 10 },
    incidents: { open: 0, needs_person: 0 },
    services: { down: 0 },
  } as never;
  const calm = statusLine(status, facts);
  assert.deepEqual([calm.text, calm.alarm], ['$(shield) $2.50 $(sync) 1', false]);
  assert.match(calm.tooltip, /\$2\.50 of \$10\.00/);
  const asked = statusLine(status, { ...facts, decisions: [decision] });
  assert.deepEqual([asked.text, asked.alarm], ['$(alert) $2.50 $(sync) 1 $(question) 1', true]);
});

test('a storm of notices becomes a few toasts, and the next one says how many there were', () => {
  const limit = createToastLimit();
  const shown = Array.from({ length: 10 }, (_, at) => limit(at * 1000, 3).show);
  assert.equal(shown.filter(Boolean).length, 3);
  assert.deepEqual(limit(70_000, 3), { show: true, missed: 7 });
  assert.deepEqual(limit(70_001, 3), { show: true, missed: 0 });
});
