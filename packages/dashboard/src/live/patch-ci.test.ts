import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CiRun } from '@vigiles/contract';
import { placeRun } from './patch-ci.ts';

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
const ids = (runs: readonly CiRun[]) => runs.map(({ id }) => id);
const page = (next: string | null, ...each: string[]) => ({ runs: each.map((id) => run(id)), next });

test('a run that changed is replaced in its place, on whatever page it stands', () => {
  const pages = [page('x', '9', '8'), page(null, '7', '6')];
  const after = placeRun(pages, run('7', { state: 'flaky' }), {});
  assert.deepEqual(ids(after[1]!.runs), ['7', '6']);
  assert.equal(after[1]!.runs[0]!.state, 'flaky');
  assert.equal(after[0], pages[0]);
});

test('a new run stands where its start puts it, and one that belongs on a later page is left to it', () => {
  const pages = [page('x', '9', '7')];
  assert.deepEqual(ids(placeRun(pages, run('8'), {})[0]!.runs), ['9', '8', '7']);
  assert.equal(placeRun(pages, run('3'), {}), pages);
  assert.deepEqual(ids(placeRun([page(null, '9')], run('3'), {})[0]!.runs), ['9', '3']);
});

test('a run that no longer matches leaves its list, and never enters another’s', () => {
  const failed = [page(null, '9', '8')];
  assert.deepEqual(ids(placeRun(failed, run('8', { state: 'passed' }), { state: 'failed' })[0]!.runs), ['9']);
  assert.equal(placeRun(failed, run('10'), { repository: 'other/app' }), failed);
});
