import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import type { Session } from '@vigiles/contract';
import { openGithubRig } from '../testing/github-rig.ts';
import { timeoutLog } from '../testing/logs.ts';

test('a failure is offered to an agent, and only the yes of a person starts it, with the reduced log', async () => {
  const rig = await openGithubRig({
    top: `agents: { acp: { fixer: { command: ['${process.execPath}', '-e', '0'] } } }`,
    github: `  hand_over: { enabled: true, agent: fixer, path: '${tmpdir()}', kinds: [timeout] }`,
  });
  try {
    const failing = () =>
      rig.github.addRun({
        jobs: [{ name: 'a', conclusion: 'failure', step: 'Run npm test', log: timeoutLog }],
      });
    const session = (id: string) => rig.call<Session>('GET', `/api/v1/sessions/${id}`);
    const appears = async (id: string) => {
      const deadline = performance.now() + 30_000;
      while ((await session(id)).status !== 200) {
        if (performance.now() > deadline) throw new Error(`${id} never appeared`);
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    const [left, wanted] = [failing(), failing()];
    for (const [run, choice] of [
      [left, 'leave'],
      [wanted, 'fix'],
    ] as const) {
      await rig.tell(run);
      const offer = `ci-${run.id}-1`;
      await appears(offer);
      const deadline = performance.now() + 30_000;
      const pending = async () => (await rig.control.sessions.decision(offer, 'fix'))?.state === 'pending';
      while (!(await pending())) {
        if (performance.now() > deadline) throw new Error('no decision was opened');
        await new Promise((done) => setTimeout(done, 25));
      }
      assert.equal((await session(`fix-${run.id}-1`)).status, 404);
      const answered = await rig.call('POST', `/api/v1/sessions/${offer}/decisions/fix/answer`, { choice });
      assert.ok(answered.status < 300, JSON.stringify(answered.body));
    }
    await appears(`fix-${wanted.id}-1`);
    const seen = await rig.until(wanted, 'it is with the agent', ({ run }) => run.action?.kind === 'agent');
    assert.match(seen.run.action?.reason ?? '', /fixer/);
    assert.equal((await session(`fix-${left.id}-1`)).status, 404);
  } finally {
    await rig.close();
  }
});
