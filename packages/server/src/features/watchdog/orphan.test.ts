import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { isAlive, portHolders } from '../../platform/process/index.ts';
import {
  freePort,
  httpProgram,
  httpService,
  openRig,
  program,
  removeHome,
  tempHome,
  until,
} from './testing/rig.ts';

const quick = { cooldown_s: Array(10).fill(0) };

describe('what a dead service leaves behind', () => {
  it('a grandchild in a session of its own that holds the port is ended before the next start', async () => {
    const home = tempHome();
    const port = await freePort();
    const server = program(home, 'grandchild', httpProgram(port));
    const parent = program(
      home,
      'parent',
      `import { spawn } from 'node:child_process';
      spawn(process.execPath, [${JSON.stringify(server)}], { detached: true, stdio: 'ignore' }).unref();
      process.on('SIGTERM', () => process.exit(0));
      setInterval(() => {}, 1000);`,
    );
    const service = httpService(home, port, { command: [process.execPath, parent] });
    const rig = await openRig({ home, services: [service], watchdog: quick });
    try {
      await rig.up('web');
      const [orphan] = portHolders(port);
      assert.ok(orphan);
      process.kill(rig.service('web').pid ?? 0, 'SIGKILL');
      const incident = await rig.incident('web', 'closed');
      assert.equal(incident.outcome, 'fixed');
      assert.equal(isAlive(orphan), false);
      assert.match(JSON.stringify(incident.timeline), /carries the mark of web/);
    } finally {
      await rig.close();
      assert.deepEqual(portHolders(port), [], 'a clean stop leaves nothing on the port');
      removeHome(home);
    }
  });

  it('a port that somebody else holds is reported, and the holder is left alone', async () => {
    const home = tempHome();
    const port = await freePort();
    const stranger = spawn(process.execPath, [program(home, 'stranger', httpProgram(port))], {
      stdio: 'ignore',
    });
    await until('the stranger listens', () => portHolders(port).length > 0);
    const rig = await openRig({
      home,
      services: [{ ...httpService(home, port), checks: [{ type: 'process', interval_s: 0.1 }] }],
      watchdog: { ...quick, max_restarts: 1 },
    });
    try {
      const incident = await rig.incident('web', 'needs_person');
      assert.match(incident.timeline[0]?.detail ?? '', new RegExp(`port ${port} is held by ${stranger.pid}`));
      assert.equal(stranger.exitCode, null);
    } finally {
      await rig.close();
      assert.equal(stranger.exitCode, null, 'also a clean stop does not touch it');
      stranger.kill('SIGKILL');
      removeHome(home);
    }
  });
});
