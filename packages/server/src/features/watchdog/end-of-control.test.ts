import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { freePort, httpService, openRig, program, removeHome, tempHome, until } from './testing/rig.ts';

const quick = { cooldown_s: Array(10).fill(0) };

describe('the end of control in the middle of healing', () => {
  for (const [moment, more, state] of [
    ['waits for its veto', { veto_s: 60 }, 'vetoing'],
    ['is verified', { veto_s: 0 }, 'verifying'],
    ['is seen to last', { veto_s: 0, stable_s: 60 }, 'verifying'],
  ] as const) {
    it(`while a restart ${moment} calls nobody, and the next control goes on with it`, async () => {
      const home = tempHome();
      const port = await freePort();
      const ill = join(home, 'ill');
      const lasts = moment === 'is seen to last';
      const path = program(
        home,
        'web',
        `import { createServer } from 'node:http';
        import { existsSync } from 'node:fs';
        process.on('SIGTERM', () => process.exit(0));
        createServer((_request, response) => {
          response.statusCode = existsSync(${JSON.stringify(ill)}) ? 500 : 200;
          response.end();
        }).listen(${port}, '127.0.0.1');`,
      );
      const service = httpService(home, port, { command: [process.execPath, path] });
      const first = await openRig({ home, services: [service], watchdog: { ...quick, ...more } });
      await first.up('web');
      if (lasts) process.kill(first.service('web').pid ?? 0, 'SIGKILL');
      else writeFileSync(ill, '');
      await until('the restart is under way', async () => {
        const [run] = await first.actions.runs({ target: 'web', limit: 1 });
        return run?.action === 'restart_service' && run.state === state && (!lasts || run.stable_until);
      });
      await first.watchdog.stop({ keepRunning: false });
      assert.deepEqual(first.alerts(), []);
      const [incident] = await first.watchdog.incidents({ target: 'web', limit: 1 });
      assert.equal(incident?.state, 'open');
      await first.close();

      rmSync(ill, { force: true });
      assert.equal(existsSync(ill), false);
      const second = await openRig({ home, services: [service], watchdog: quick });
      try {
        const closed = await second.incident('web', 'closed');
        assert.equal(closed.id, incident.id);
        assert.deepEqual(second.alerts(), []);
        const runs = await second.actions.runs({ limit: 50 });
        assert.deepEqual(
          runs.filter(({ action }) => action === 'alert_user'),
          [],
          'nobody was called',
        );
      } finally {
        await second.close();
        removeHome(home);
      }
    });
  }

  it('what is ended with control is no fault, however long the others take', async () => {
    const home = tempHome();
    const port = await freePort();
    const slow = program(home, 'slow', `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`);
    const services = [
      httpService(home, port),
      {
        name: 'slow',
        command: [process.execPath, slow],
        stop_timeout_s: 3,
        checks: [{ type: 'process', interval_s: 0.1 }],
      },
    ];
    const rig = await openRig({ home, services, watchdog: quick });
    try {
      await Promise.all([rig.up('web'), rig.up('slow')]);
      await rig.watchdog.stop({ keepRunning: false });
      assert.deepEqual(await rig.watchdog.incidents({ limit: 10 }), []);
      const changes = rig.seen.filter(({ type }) => type === 'service.state_changed');
      assert.deepEqual(
        changes.filter(({ data }) => (data as { to: string }).to !== 'UP').map(({ data }) => data),
        [],
      );
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});
