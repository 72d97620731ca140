import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsPerson, runsForPerson } from './needs.ts';
import type { CiAction, CiRun } from './ci-run.ts';
import type { Incident } from './incident.ts';

const ids = (runs: readonly CiRun[]): string[] => runs.map(({ id }) => id);
const run = (id: string, over: Partial<CiRun> = {}): CiRun => ({
  id,
  repository: 'ada/app',
  workflow: 'CI',
  branch: 'main',
  commit: 'c0ffee',
  attempt: 1,
  event: 'push',
  url: '',
  state: 'failed',
  verdict: null,
  action: null,
  started_at: Number(id) * 1000,
  finished_at: Number(id) * 1000 + 10,
  retries_used: 0,
  minutes_spent: 0,
  ...over,
});
const action = (kind: CiAction['kind'], state: CiAction['state']): CiAction => ({
  kind,
  state,
  by_rule: 'r',
  reason: '',
  at: 1,
  action_id: null,
});

test('an acknowledged incident no longer asks for a person', () => {
  const of = (acknowledgedBy: string | null) =>
    needsPerson({ state: 'needs_person', acknowledged_by: acknowledgedBy } as Incident);
  assert.deepEqual([of(null), of('device:1')], [true, false]);
});

test('the newest failure of a branch waits for a person until a newer run of it passes or runs', () => {
  assert.deepEqual(ids(runsForPerson([run('2'), run('1')], 3_000)), ['2']);
  assert.deepEqual(ids(runsForPerson([run('1'), run('2', { state: 'passed' })], 3_000)), []);
  assert.deepEqual(ids(runsForPerson([run('1'), run('2', { state: 'running' })], 3_000)), []);
  assert.deepEqual(ids(runsForPerson([run('1'), run('2', { branch: 'other' })], 3_000)), ['2', '1']);
});

test('what is being healed does not ask for a person, what was only told of does', () => {
  const of = (kind: CiAction['kind'], state: CiAction['state']) =>
    runsForPerson([run('1', { action: action(kind, state) })], 3_000).length;
  assert.equal(of('retry', 'waiting'), 0);
  assert.equal(of('retry', 'asked'), 0);
  assert.equal(of('retry', 'failed'), 1);
  assert.equal(of('retry', 'refused'), 1);
  assert.equal(of('notify', 'told'), 1);
  assert.equal(of('none', 'decided'), 1);
});

test('a failure of last week is history', () => {
  assert.equal(runsForPerson([run('1')], 8 * 86_400_000).length, 0);
});
