import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { it } from 'node:test';
import type { SessionAgent } from '@vigiles/contract';
import { identify } from '../../platform/process/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { handClock, maker, openRig } from './testing/rig.ts';

const agentOf = (pid: number): SessionAgent => ({
  kind: 'codex',
  name: 'Codex',
  model: null,
  pid,
  capabilities: {
    halt: 'turn',
    resume: true,
    steer: true,
    rollback: false,
    decide: true,
    inject: true,
    reasons: {},
  },
});
const producer = { actor: 'device:maker', producer: 'maker' };

forEachStore('sessions after a restart and in time', (openStore, newPlace, dialect) => {
  it('end where their agent is gone, and wait to be attached where it runs: no process is touched (overdeck#454)', async () => {
    const place = await newPlace();
    const clock = handClock();
    const before = await openRig(openStore, { place, clock });
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    try {
      const pid = child.pid ?? 0;
      const alive = identify(pid);
      assert.ok(alive);
      const start = async (id: string, process: typeof alive) => {
        await before.sessions.create({ session_id: id }, maker);
        await before.sessions.setAgent(id, agentOf(process.pid), process);
        await before.sessions.append(id, [{ type: 'execution:started' }], producer);
        await before.sessions.hold(id, {
          deliver: async () => ({ state: 'applied', evidence: { a: 1 } }),
          answer: () => true,
        });
      };
      await start('running', alive);
      // Another process has that pid now.
      await start('reused', { pid, startTime: 'another-boot:1' });
      await before.sessions.create({ session_id: 'remote' }, maker);
      await before.sessions.lease('remote', {
        holder: 'python',
        deviceId: 'd',
        idempotent: [],
        steal: false,
      });
      const { decision_id } = await before.sessions.openDecision(
        'running',
        { question: '?', options: ['A'] },
        'a',
      );
      await before.stop();
      await before.store.close();
      // On PostgreSQL another control may be alive: its lease has to run out first.
      if (dialect === 'postgres') clock.pass(31_000);
      const after = await openRig(openStore, { place, clock });
      const running = await after.sessions.get('running');
      assert.deepEqual([running?.status, running?.phase], ['running', 'disconnected']);
      assert.equal((await after.sessions.decision('running', decision_id))?.state, 'pending');
      const reused = await after.sessions.get('reused');
      assert.deepEqual([reused?.status, reused?.phase], ['failed', 'failed']);
      if (dialect === 'sqlite') assert.equal((await after.sessions.currentLease('remote'))?.holder, 'python');
      assert.ok(identify(pid), 'the healthy agent was left alone');
      await after.stop();
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('keep their last events and go when nobody has touched them for long', async () => {
    const clock = handClock();
    const { sessions, stop } = await openRig(openStore, {
      clock,
      sessions: { keep_events: 1000, keep_days: 2 },
    });
    await sessions.create({ session_id: 'long' }, maker);
    const many = Array.from({ length: 1000 }, () => ({ type: 'skill:progress' }));
    for (let i = 0; i < 3; i += 1) await sessions.append('long', many, producer);
    assert.deepEqual(await sessions.forgetOld(), { sessions: 0, events: 2001 });
    const long = await sessions.get('long');
    assert.deepEqual([long?.oldest_seq, long?.head_seq], [2002, 3001]);
    const { events } = await sessions.read('long', { afterSeq: 0, limit: 1 });
    assert.equal(events[0]?.seq, 2002);
    await sessions.append('long', [{ type: 'skill:progress' }], producer);
    assert.equal((await sessions.get('long'))?.head_seq, 3002);
    clock.pass(3 * 86_400_000);
    assert.equal((await sessions.forgetOld()).sessions, 1);
    assert.equal(await sessions.get('long'), null);
    await stop();
  });
});
