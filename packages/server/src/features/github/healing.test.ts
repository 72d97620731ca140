import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CiPattern, FlakyTest, GithubHealth } from '@vigiles/contract';
import { openGithubRig, type GithubRig } from './testing/github-rig.ts';
import type { StandInJob, StandInRun } from './testing/github-stand-in.ts';
import { compileLog, logOf, lostLine, shutdownLog, timeoutLog } from './testing/logs.ts';

let rig: GithubRig;
before(async () => void (rig = await openGithubRig()));
after(() => rig.close());

const shutdown: StandInJob = { name: 'build', conclusion: 'failure', step: 'Run npm test', log: shutdownLog };
const reruns = (run: StandInRun) =>
  rig.github.count('POST', new RegExp(`/runs/${run.id}/rerun-failed-jobs$`));

/** From now on re-runs end like this, one after the other. */
function endings(...conclusions: string[]): void {
  rig.github.onRerun((run) => {
    const conclusion = conclusions.shift() ?? 'failure';
    const jobs =
      conclusion === 'success' ? [{ name: 'build', conclusion, minutes: 3 }] : [{ ...shutdown, minutes: 3 }];
    rig.github.finish(run, conclusion, jobs);
    void rig.tell(run);
  });
}

test('failed jobs alone are re-run, and a run that then passes stays recorded as flaky, with what it cost', async () => {
  endings('success');
  const run = rig.github.addRun({ jobs: [shutdown, { name: 'lint', conclusion: 'success', minutes: 9 }] });
  const reply = await rig.tell(run);
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.body, {
    status: 'received',
    event: 'workflow_run',
    delivery_id: reply.id,
    sync: null,
    result: { status: 'failure', action: 'queued', message: 'it is judged now; see the runs' },
  });
  const seen = await rig.until(
    run,
    'recovered',
    (now) => now.retries[0]?.state === 'recovered' && now.run.minutes_spent > 0,
  );
  assert.equal(seen.run.state, 'flaky');
  assert.equal(seen.run.verdict?.kind, 'infrastructure');
  assert.match(seen.run.verdict?.line?.text ?? '', /shutdown signal/);
  assert.equal(seen.run.action?.state, 'recovered');
  assert.equal(seen.run.minutes_spent, 3);
  assert.equal(seen.run.retries_used, 1);
  assert.equal(reruns(run), 1);
  assert.equal(rig.github.count('POST', new RegExp(`/runs/${run.id}/rerun$`)), 0);
  assert.deepEqual(await rig.told(run), []);
  const ended = await rig.ended(seen.retries[0]?.action_id ?? '');
  assert.deepEqual([ended?.action, ended?.outcome], ['rerun_failed_jobs', 'fixed']);
});

test('a commit that goes on failing is re-run twice at most, also over a restart; a new commit has its own two', async () => {
  endings('failure', 'failure', 'failure');
  const run = rig.github.addRun({ jobs: [shutdown], workflow: 'Nightly' });
  await rig.tell(run);
  const jobs = new RegExp(`/runs/${run.id}/attempts/2/jobs`);
  await rig.until(run, 'the first re-run is looked at', () => rig.github.count('GET', jobs) > 0);
  // In the middle of judging it: what was cut off is no verdict, and the next control judges it.
  await rig.restart();
  const seen = await rig.until(
    run,
    'the budget is spent',
    (now) => now.run.action?.by_rule === 'budget_spent',
  );
  assert.equal(seen.run.attempt, 3);
  assert.equal(reruns(run), 2);
  assert.equal((await rig.told(run)).length, 1);
  endings('success');
  const fixed = rig.github.addRun({ jobs: [shutdown], workflow: 'Nightly' });
  await rig.tell(fixed);
  await rig.until(fixed, 'recovered', ({ retries }) => retries[0]?.state === 'recovered');
});

test('while a run is under way GitHub refuses a re-run, and it is waited for instead of given up', async () => {
  endings('success');
  const run = rig.github.addRun({ jobs: [shutdown] });
  const payload = rig.github.payloadOf(run, 'completed');
  const last = run.attempts[0];
  if (last) last.status = 'in_progress';
  await rig.github.deliver(rig.hook, 'the-webhook-secret-0123456789', 'workflow_run', payload);
  const path = new RegExp(`^/repos/octo/hello/actions/runs/${run.id}$`);
  await rig.until(run, 'it waits', () => rig.github.count('GET', path) > 2);
  assert.equal(reruns(run), 0);
  if (last) last.status = 'completed';
  await rig.until(run, 'recovered', ({ retries }) => retries[0]?.state === 'recovered');
});

test('errors of the code are told with reason and address, and never re-run', async () => {
  const run = rig.github.addRun({
    workflow: 'Deploy',
    jobs: [
      {
        name: 'build',
        conclusion: 'failure',
        step: 'Run npm test',
        log: compileLog,
        annotations: ['Process completed with exit code 2.'],
      },
    ],
  });
  await rig.tell(run);
  const seen = await rig.answered(run);
  assert.equal(seen.run.action?.kind, 'notify');
  assert.equal(reruns(run), 0);
  const [told = ''] = await rig.told(run);
  assert.ok(told.includes(`${rig.github.url}/octo/hello/actions/runs/${run.id}`), told);
});

test('what is too old, too often run, triggered otherwise or like a deploy is told by its rule', async () => {
  const month = 31 * 86_400_000;
  const cases: [string, Parameters<typeof rig.github.addRun>[0]][] = [
    ['too_old', { startedAt: Date.now() - month }],
    ['attempt_limit', { attempt: 50 }],
    ['other_event', { event: 'schedule' }],
    ['deploy_like', { workflow: 'Release to production' }],
    ['deploy_like', { workflow: 'Ship', path: '.github/workflows/deploy.yml' }],
  ];
  for (const [rule, wish] of cases) {
    const run = rig.github.addRun({ ...wish, jobs: [shutdown] });
    await rig.tell(run);
    const seen = await rig.answered(run);
    assert.equal(seen.run.action?.by_rule, rule);
    assert.equal(reruns(run), 0, rule);
    assert.equal((await rig.told(run)).length, 1);
  }
});

test('one job that failed for its own reason keeps the whole run from being re-run', async () => {
  const own: StandInJob = { name: 'types', conclusion: 'failure', step: 'Run npm test', log: compileLog };
  const run = rig.github.addRun({ jobs: [shutdown, own] });
  await rig.tell(run);
  assert.equal((await rig.answered(run)).run.action?.kind, 'notify');
  assert.equal(reruns(run), 0);
});

test('a runner that is lost in the same step again is out of memory, not unlucky', async () => {
  const lost: StandInJob = {
    name: 'heavy',
    conclusion: 'failure',
    step: 'Run npm test',
    log: logOf(),
    annotations: [lostLine],
  };
  rig.github.onRerun((run) => {
    rig.github.finish(run, 'failure', [lost]);
    void rig.tell(run);
  });
  const run = rig.github.addRun({ jobs: [lost] });
  await rig.tell(run);
  const seen = await rig.until(
    run,
    'judged twice',
    (now) => now.run.attempt === 2 && now.run.action?.kind === 'notify',
  );
  assert.equal(seen.attempts[0]?.verdict?.kind, 'infrastructure');
  assert.equal(seen.run.verdict?.kind, 'out_of_memory');
  assert.equal(reruns(run), 1);
});

test('a job that failed and passed on the same commit stands in the table of flaky tests, whoever re-ran it', async () => {
  const slow: StandInJob = { name: 'slow', conclusion: 'failure', step: 'Run npm test', log: timeoutLog };
  const run = rig.github.addRun({ jobs: [slow], workflow: 'Slow' });
  await rig.tell(run);
  assert.equal((await rig.answered(run)).run.action?.kind, 'notify');
  run.attempts.push({ status: 'completed', conclusion: 'success', startedAt: Date.now(), jobs: [] });
  await rig.tell(run);
  await rig.until(run, 'flaky', (seen) => seen.run.state === 'flaky');
  const { tests } = (await rig.call<{ tests: FlakyTest[] }>('GET', '/api/v1/github/flaky')).body;
  const found = tests.find(({ workflow }) => workflow === 'Slow');
  assert.deepEqual([found?.job, found?.test, found?.flips], ['slow', 'Run npm test', 1]);
});

test('an attempt that is told late changes nothing about a later one', async () => {
  const run = rig.github.addRun({ jobs: [shutdown], attempt: 2, event: 'schedule' });
  rig.github.finish(run, 'success', []);
  await rig.tell(run);
  await rig.until(run, 'passed', (seen) => seen.run.attempt === 2 && seen.run.state !== 'running');
  await rig.tell(run, 'completed', 1);
  const seen = await rig.until(run, 'both attempts', ({ attempts }) => attempts.length === 2);
  assert.equal(seen.run.attempt, 2);
  assert.equal(seen.run.state, 'passed');
  assert.equal(seen.run.action, null);
});

test('a person may re-run what Vigiles would not, and GitHub’s own limits hold for people too', async () => {
  endings('success');
  const run = rig.github.addRun({ jobs: [shutdown], workflow: 'Publish' });
  await rig.tell(run);
  assert.equal((await rig.answered(run)).run.action?.by_rule, 'deploy_like');
  const asked = await rig.call('POST', `/api/v1/github/runs/${run.id}/retry`, {
    reason: 'the mirror is back',
  });
  assert.equal(asked.status, 202);
  const seen = await rig.until(run, 'recovered', ({ retries }) => retries[0]?.state === 'recovered');
  assert.match(seen.retries[0]?.by ?? '', /^device:/);
  assert.equal(seen.retries[0]?.reason, 'the mirror is back');
  assert.equal(seen.retry_refusal, 'it is flaky');
  const old = rig.github.addRun({ jobs: [shutdown], startedAt: Date.now() - 31 * 86_400_000 });
  await rig.tell(old);
  await rig.answered(old);
  const refused = await rig.call('POST', `/api/v1/github/runs/${old.id}/retry`, { reason: 'please' });
  assert.equal(refused.status, 409);
  assert.equal(refused.body['code'], 'action_refused');
});

test('patterns, health and the list of runs tell what was seen and done', async () => {
  const { patterns } = (await rig.call<{ patterns: CiPattern[] }>('GET', '/api/v1/github/patterns?days=7'))
    .body;
  const infra = patterns.find(({ pattern }) => pattern === 'CI:infrastructure_error');
  assert.ok(infra && infra.auto_fixed > 0);
  assert.equal(infra.days.length, 7);
  const health = (await rig.call<GithubHealth>('GET', '/api/v1/github/health')).body;
  assert.equal(health.auth.kind, 'token');
  assert.equal(health.webhook.secret_configured, true);
  assert.ok(health.totals.retry_minutes > 0);
  assert.ok(health.totals.ratio !== null && health.totals.ratio > 0 && health.totals.ratio < 1);
  const first = (
    await rig.call<{ runs: { id: string }[]; next: string | null }>('GET', '/api/v1/github/runs?limit=2')
  ).body;
  assert.equal(first.runs.length, 2);
  const second = (
    await rig.call<{ runs: { id: string }[] }>('GET', `/api/v1/github/runs?limit=2&cursor=${first.next}`)
  ).body;
  assert.ok(second.runs.every(({ id }) => !first.runs.some((one) => one.id === id)));
});
