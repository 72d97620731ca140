import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openActionRig, type ActionRig } from '../testing/action-rig.ts';
import { startEngine, type EngineStandIn } from '../testing/container-engine.ts';
import { putSystemctl } from '../testing/systemctl-stand-in.ts';

const until = async (what: string, condition: () => boolean) => {
  const end = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within 60 s: ${what}`);
    await delay(10);
  }
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

describe('actions on the system', () => {
  let rig: ActionRig;
  let engine: EngineStandIn;
  let units: ReturnType<typeof putSystemctl>;
  const person = 'device:test';

  before(async () => {
    engine = await startEngine();
    units = putSystemctl(engine.folder);
    const script = (name: string, body: string, more: object = {}) => {
      const path = join(engine.folder, `${name}.sh`);
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return { name, command: [path], risk: 'reversible', ...more };
    };
    rig = await openActionRig({
      faces: {
        searchPath: `${units.path}:/usr/bin:/bin`,
        environmentOf: ({ env }) => ({ PATH: '/usr/bin:/bin', ...env }),
      },
      watchdog: {
        cooldown_s: [0, 0, 0, 0],
        max_restarts: 100,
        storm_limit: 1000,
        container_socket: engine.socket,
        restart_containers: ['web', 'done', 'paused', 'sick'],
        restart_units: ['app.service', 'stopped.service', 'masked.service', 'dies.service'],
        rotate_logs: [
          { path: join(engine.folder, 'a.log'), keep: 2 },
          {
            path: join(engine.folder, 'b.log'),
            how: 'rename',
            pid_file: join(engine.folder, 'b.pid'),
            signal: 'SIGHUP',
          },
        ],
        scripts: [
          script('good', 'echo "key: api_key=abcdef123456789 for $VIGILES_TARGET"; echo "$EXTRA"', {
            env: { EXTRA: 'seen' },
            targets: ['host'],
          }),
          script('bad', 'echo oops >&2; exit 3'),
          script(
            'endless',
            `(setsid sleep 300 & echo $! > ${join(engine.folder, 'grandchild')}; wait) & trap "" TERM; sleep 300`,
            { timeout_s: 0.5 },
          ),
          script('danger', 'exit 0', { risk: 'destructive' }),
        ],
      },
    });
  });
  after(async () => {
    await rig.close();
    await engine.close();
  });

  it('run_script runs what the configuration names, tells its output without secrets, and judges nothing by it', async () => {
    const run = await rig.run({ action: 'run_script', target: 'host', params: { name: 'good' } });
    assert.equal(run.outcome, 'unknown');
    const output = String(run.evidence[0]?.data['output']);
    assert.match(output, /\[redacted\] for host\nseen/);
    await assert.rejects(
      rig.run({ action: 'run_script', target: 'agent:x', params: { name: 'good' } }),
      /not for/,
    );
    await assert.rejects(
      rig.run({ action: 'run_script', target: 'host', params: { name: 'rm -rf /' } }),
      /has no/,
    );
  });

  it('a script that fails is not fixed, and says how', async () => {
    const run = await rig.run({ action: 'run_script', target: 'host', params: { name: 'bad' } });
    assert.deepEqual([run.outcome, run.message], ['not_fixed', 'it ended with code 3']);
  });

  it('a script whose time is over is ended with everything it started', async () => {
    const run = await rig.run({ action: 'run_script', target: 'host', params: { name: 'endless' } });
    assert.match(run.message, /not done within 0.5 s/);
    const grandchild = Number(readFileSync(join(engine.folder, 'grandchild'), 'utf8'));
    await until('the grandchild is gone', () => !alive(grandchild));
  });

  it('a destructive script waits for an approval', async () => {
    const asked = await rig.ask({
      action: 'run_script',
      target: 'host',
      params: { name: 'danger' },
      actor: person,
    });
    assert.ok(asked.ok);
    assert.equal(asked.value.run.state, 'awaiting_approval');
    assert.ok((await rig.actions.approve(asked.value.run.id, 'device:other')).ok);
    assert.equal((await asked.value.done).approved_by, 'device:other');
  });

  it('restart_container restarts exactly the named container and waits until it is healthy', async () => {
    engine.put('web', { running: false, exitCode: 137, health: 'healthy' });
    engine.put('web-2', { running: false, exitCode: 1 });
    const run = await rig.run({ action: 'restart_container', target: 'container:web' });
    assert.equal(run.outcome, 'fixed');
    assert.deepEqual(engine.restarted(), ['web']);
    await assert.rejects(rig.run({ action: 'restart_container', target: 'container:web' }), /healthy/);
    await assert.rejects(rig.run({ action: 'restart_container', target: 'container:web-2' }), /not one of/);
  });

  it('a container that was paused or ended cleanly is left alone, and force is for people only', async () => {
    engine.put('done', { running: false, exitCode: 0 });
    engine.put('paused', { running: true, paused: true });
    const ask = (name: string, more: object = {}) =>
      rig.run({ action: 'restart_container', target: `container:${name}`, ...more });
    await assert.rejects(ask('done'), /somebody stopped it/);
    await assert.rejects(ask('paused', { params: { force: true } }), /paused/);
    assert.equal((await ask('done', { params: { force: true }, actor: person })).outcome, 'fixed');
  });

  it('a container that comes back unhealthy is not fixed', async () => {
    engine.put('sick', { running: false, exitCode: 1, healthAfter: 'unhealthy' });
    const run = await rig.run({ action: 'restart_container', target: 'container:sick' });
    assert.equal(run.outcome, 'not_fixed');
  });

  it('restart_unit restarts a failed unit, and leaves alone what somebody stopped or masked', async () => {
    units.put('app.service', { active: 'failed', result: 'exit-code' });
    units.put('stopped.service', { active: 'inactive', result: 'success' });
    units.put('masked.service', { load: 'masked' });
    const ask = (name: string) => rig.run({ action: 'restart_unit', target: `unit:${name}` });
    assert.equal((await ask('app.service')).outcome, 'fixed');
    await assert.rejects(ask('app.service'), /is active/);
    await assert.rejects(ask('stopped.service'), /somebody stopped it/);
    await assert.rejects(ask('masked.service'), /masked/);
    await assert.rejects(ask('sshd.service'), /not one of/);
  });

  it('a unit that fails again is not fixed', async () => {
    units.put('dies.service', { active: 'failed', result: 'exit-code', after: 'failed' });
    assert.equal(
      (await rig.run({ action: 'restart_unit', target: 'unit:dies.service' })).outcome,
      'not_fixed',
    );
  });

  it('rotate_log copies and empties a log under its writer, and keeps what was in it', async () => {
    const path = join(engine.folder, 'a.log');
    writeFileSync(path, 'old line\n');
    const run = await rig.run({ action: 'rotate_log', target: `file:${path}` });
    assert.equal(run.outcome, 'fixed');
    assert.equal(readFileSync(path, 'utf8'), '');
    assert.equal(readFileSync(`${path}.1`, 'utf8'), 'old line\n');
    await assert.rejects(rig.run({ action: 'rotate_log', target: `file:${path}` }), /empty/);
    await assert.rejects(rig.run({ action: 'rotate_log', target: 'file:/etc/passwd' }), /neither/);
  });

  it('rotate_log renames a log and tells its writer, which opens a new one', async () => {
    const path = join(engine.folder, 'b.log');
    const writer = spawn(process.execPath, [
      '-e',
      `const fs = require('fs'); let f = fs.openSync(${JSON.stringify(path)}, 'a'); fs.writeSync(f, 'one');
       process.on('SIGHUP', () => { fs.closeSync(f); f = fs.openSync(${JSON.stringify(path)}, 'a'); fs.writeSync(f, 'two'); });
       setInterval(() => {}, 1000); console.log('up');`,
    ]);
    try {
      await once(writer.stdout, 'data');
      writeFileSync(join(engine.folder, 'b.pid'), `${writer.pid}\n`);
      const run = await rig.run({ action: 'rotate_log', target: `file:${path}` });
      assert.equal(run.outcome, 'fixed');
      assert.equal(readFileSync(`${path}.1`, 'utf8'), 'one');
    } finally {
      const ended = once(writer, 'exit');
      writer.kill('SIGKILL');
      await ended;
    }
    appendFileSync(path, 'x');
    await assert.rejects(rig.run({ action: 'rotate_log', target: `file:${path}` }), /cannot be told/);
  });
});
