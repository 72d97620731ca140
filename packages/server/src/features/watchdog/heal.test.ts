import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort, httpService, openRig, removeHome, tempHome, until, type Rig } from './testing/rig.ts';

describe('a supervised service', () => {
  const home = tempHome();
  let port = 0;
  let rig: Rig;

  before(async () => {
    port = await freePort();
    rig = await openRig({
      home,
      services: [httpService(home, port)],
      watchdog: { cooldown_s: [0, 0, 0, 0, 0, 0] },
    });
    await rig.up('web');
  });
  after(async () => {
    await rig.close();
    removeHome(home);
  });

  it('that is killed with -9 serves again, and the incident is closed as fixed with its evidence', async () => {
    const { pid } = rig.service('web');
    assert.ok(pid);
    process.kill(pid, 'SIGKILL');
    const incident = await rig.incident('web', 'closed');
    assert.equal(incident.outcome, 'fixed');
    assert.deepEqual(
      incident.timeline.map(({ kind }) => kind),
      ['cause', 'decision', 'action', 'verification', 'outcome'],
    );
    const [cause, decision] = incident.timeline;
    assert.equal(cause?.evidence['signal'], 'SIGKILL');
    assert.equal(cause?.evidence['pid'], pid);
    assert.ok(typeof cause?.evidence['memory_mb'] === 'number');
    assert.equal(decision?.tier, 1);
    assert.equal(decision?.title, 'Rule A1: Its process is gone');
    assert.equal(decision?.evidence['rule'], 'A1');
    // Every title is for people; names from the code are in the evidence.
    for (const { title } of incident.timeline) assert.match(title, /^[A-Z“]|: /);
    assert.notEqual(rig.service('web').pid, pid);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  });

  it('writes no secret from its log into the evidence', async () => {
    const incident = await rig.incident('web', 'closed');
    const lines = JSON.stringify(incident.timeline[0]?.evidence['last_log_lines']);
    assert.match(lines, /serving with api_key=\[redacted\]/);
  });

  it('that is frozen is replaced', async () => {
    const { pid } = rig.service('web');
    assert.ok(pid);
    process.kill(pid, 'SIGSTOP');
    await until('a new process is up', () => rig.service('web').pid !== pid && rig.state('web') === 'UP');
    const incident = await rig.incident('web', 'closed');
    assert.equal(incident.outcome, 'fixed');
    assert.throws(() => process.kill(pid, 0), 'the frozen one is gone');
  });

  it('that hangs while it holds its port is given the longer threshold, then replaced', async () => {
    const { pid } = rig.service('web');
    await fetch(`http://127.0.0.1:${port}/hang`);
    await until('a new process is up', () => rig.service('web').pid !== pid && rig.state('web') === 'UP');
    const incident = await until('it is closed', async () => {
      const [found] = await rig.watchdog.incidents({ target: 'web', limit: 1 });
      return found?.state === 'closed' && found.fault_code === 'not_responding' ? found : null;
    });
    assert.equal(incident.outcome, 'fixed');
    assert.ok(
      incident.timeline.some(({ kind, evidence }) => kind === 'guard' && evidence['guard'] === 'veto'),
    );
  });

  it('leaves an unbroken audit chain', async () => {
    const verdict = await rig.actions.audit.verifyChain();
    assert.equal(verdict.ok, true, verdict.reason ?? '');
    assert.ok(verdict.records >= 6);
  });
});
