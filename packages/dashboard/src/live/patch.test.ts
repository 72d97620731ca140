import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Incident, Service, Status, Turn } from '@vigiles/contract';
import { addSpend, changeState, matchesIncident, upsert, upsertByTime } from './patch.ts';

const service = (name: string, beats: number[]): Service => ({
  name,
  title: name,
  kind: 'watched',
  state: 'UP',
  since: 0,
  reason: '',
  version: null,
  port: null,
  pid: 1,
  uptime_s: null,
  memory_mb: null,
  checks: [],
  depends_on: [],
  beats: beats.map((ts) => ({ ts, state: 'UP', latency_ms: 1 })),
  p50_ms: null,
  p99_ms: null,
  uptime_24h: null,
  uptime_30d: null,
  uptime_1y: null,
  predictions: [],
  restarts_in_window: 0,
  open_incident_id: null,
  actions: [],
});

const incident = (state: Incident['state'], acknowledged_by: string | null = null): Incident => ({
  id: 'inc_1',
  service: 'gateway',
  target: 'gateway',
  target_class: 'service',
  fault_id: null,
  fingerprint: null,
  tier: null,
  suggestion: null,
  fault_code: 'x',
  title: 'x',
  severity: 'warning',
  state,
  outcome: null,
  opened_at: 0,
  closed_at: null,
  acknowledged_by,
  occurrences: 1,
  timeline: [],
});

test('a state change carries its reason, time and process', () => {
  const change = { service: 'a', from: 'UP', to: 'DOWN', reason: 'exited', pid: null } as const;
  const [after] = changeState([service('a', [])], change, 9);
  assert.equal(after?.state, 'DOWN');
  assert.equal(after?.since, 9);
  assert.equal(after?.pid, null);
});

test('a row is replaced in its place, a new one comes first, and one that no longer belongs leaves', () => {
  const rows = [
    { id: '2', v: 0 },
    { id: '1', v: 0 },
  ];
  assert.deepEqual(upsert(rows, { id: '1', v: 1 }), [rows[0], { id: '1', v: 1 }]);
  assert.deepEqual(upsert(rows, { id: '3', v: 0 })[0], { id: '3', v: 0 });
  assert.deepEqual(upsert(rows, { id: '1', v: 1 }, false), [rows[0]]);
});

test('a turn without a price raises the unpriced count and not the sum', () => {
  const status = {
    budgets: {
      daily_usd: 1,
      monthly_usd: 1,
      spent_today_micros: 5,
      spent_month_micros: 9,
      unpriced_today: 0,
    },
  } as Status;
  const turn = { cost_micros: null, outcome: 'ok' } as Turn;
  assert.deepEqual(addSpend(status, turn).budgets, { ...status.budgets, unpriced_today: 1 });
  assert.equal(addSpend(status, { ...turn, cost_micros: 3 }).budgets.spent_today_micros, 8);
});

test('the open filter takes every state but closed', () => {
  assert.equal(matchesIncident(incident('verifying'), { state: 'open' }), true);
  assert.equal(matchesIncident(incident('closed'), { state: 'open' }), false);
  assert.equal(matchesIncident(incident('closed'), { service: 'other' }), false);
});

test('a long turn that ends now takes its place among those that started later', () => {
  const rows = [
    { id: 'c', ts: 30 },
    { id: 'a', ts: 10 },
  ];
  const order = (id: string, ts: number): string =>
    upsertByTime(rows, { id, ts })
      .map((row) => row.id)
      .join('');
  assert.equal(order('b', 20), 'cba');
  assert.equal(order('d', 40), 'dca');
  assert.equal(order('z', 1), 'caz');
});
