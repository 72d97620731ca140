import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { shutdownLog } from './testing/logs.ts';
import { openGithubRig, type GithubRig } from './testing/github-rig.ts';

let rig: GithubRig;
before(async () => void (rig = await openGithubRig()));
after(() => rig.close());

test('a run whose runner was shut down is re-run once, and the run that then passes stays flaky', async () => {
  const { github } = rig;
  const run = github.addRun({
    jobs: [
      { name: 'build', conclusion: 'failure', step: 'npm ci', log: shutdownLog },
      { name: 'lint', conclusion: 'success' },
    ],
  });
  github.onRerun((again) => {
    github.finish(again, 'success', [{ name: 'build', conclusion: 'success', minutes: 3 }]);
    void rig.tell(again);
  });
  const reply = await rig.tell(run);
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.body, {
    status: 'received',
    event: 'workflow_run',
    delivery_id: reply.id,
    sync: null,
    result: { status: 'failure', action: 'queued', message: 'it is judged now; see the runs' },
  });
  const seen = await rig.until(run, 'recovered', ({ retries }) => retries[0]?.state === 'recovered');
  assert.equal(seen.run.state, 'flaky');
  assert.equal(seen.run.verdict?.kind, 'infrastructure');
  assert.equal(seen.run.action?.state, 'recovered');
  assert.equal(github.count('POST', /rerun-failed-jobs$/), 1);
});
