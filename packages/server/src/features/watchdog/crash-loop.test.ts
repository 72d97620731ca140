import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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

/** No waiting between attempts: the cap is what has to stop it. */
const hasty = { cooldown_s: Array(10).fill(0), half_open_after_s: 3600 };

const crashing = (home: string) => ({
  name: 'loop',
  command: [
    process.execPath,
    program(home, 'loop', 'console.log("token=supersecretvalue"); process.exit(3);'),
  ],
  stop_timeout_s: 1,
});

describe('a crash loop', () => {
  it('ends after five restarts with one alert, and a restart of control neither restarts nor alerts again', async () => {
    const home = tempHome();
    const first = await openRig({ home, services: [crashing(home)], watchdog: hasty });
    const incident = await first.incident('loop', 'needs_person');
    const runs = await first.actions.runs({ target: 'loop', limit: 100 });
    const restarts = runs.filter(({ action }) => action === 'restart_service');
    assert.equal(restarts.length, 5);
    assert.ok(restarts.every(({ outcome }) => outcome === 'not_fixed'));
    await until('the alert', () => first.alerts().length === 1);
    assert.equal(first.service('loop').restarts_in_window, 5);
    assert.ok(
      incident.timeline.some(({ kind, evidence }) => kind === 'guard' && evidence['guard'] === 'restart_cap'),
    );
    await first.close();

    const second = await openRig({ home, services: [crashing(home)], watchdog: hasty });
    try {
      await until('the guard is met again', async () => {
        const again = await second.incident('loop', 'needs_person');
        return again.id === incident.id && second.state('loop') === 'DOWN';
      });
      assert.equal(second.service('loop').restarts_in_window, 5);
      const after = await second.actions.runs({ target: 'loop', limit: 100 });
      assert.equal(after.filter(({ action }) => action === 'restart_service').length, 5);
      assert.equal(second.alerts().length, 0);
    } finally {
      await second.close();
      removeHome(home);
    }
  });

  it('is tried again half-open after a while, and closes when that worked', async () => {
    const home = tempHome();
    const port = await freePort();
    const path = program(home, 'later', 'process.exit(1)');
    const service = httpService(home, port, { name: 'later', command: [process.execPath, path] });
    const rig = await openRig({
      home,
      services: [service],
      watchdog: { ...hasty, max_restarts: 2, half_open_after_s: 1 },
    });
    try {
      await rig.incident('later', 'needs_person');
      program(home, 'later', httpProgram(port));
      const closed = await rig.incident('later', 'closed');
      assert.equal(closed.outcome, 'fixed');
      assert.equal(rig.alerts().length, 1);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('waits for the cooldown before the second attempt at the same fault', async () => {
    const home = tempHome();
    const rig = await openRig({ home, services: [crashing(home)], watchdog: { cooldown_s: [3600] } });
    try {
      const incident = await until('the cooldown', async () => {
        const [found] = await rig.watchdog.incidents({ target: 'loop', limit: 1 });
        return found?.timeline.some(({ evidence }) => evidence['guard'] === 'cooldown') ? found : null;
      });
      assert.notEqual(incident.state, 'needs_person');
      const runs = await rig.actions.runs({ target: 'loop', limit: 10 });
      assert.equal(runs.length, 1);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('of a program that does not exist says so', async () => {
    const home = tempHome();
    const service = { name: 'nothing', command: ['/nowhere/to/be/found'] };
    const rig = await openRig({ home, services: [service], watchdog: { ...hasty, max_restarts: 1 } });
    try {
      const incident = await rig.incident('nothing', 'needs_person');
      assert.match(incident.timeline[0]?.detail ?? '', /could not be started: .*ENOENT/);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('a success that does not last ten minutes is no success any more', async () => {
    const home = tempHome();
    const port = await freePort();
    const rig = await openRig({ home, services: [httpService(home, port)], watchdog: hasty });
    try {
      await rig.up('web');
      process.kill(rig.service('web').pid ?? 0, 'SIGKILL');
      const first = await rig.incident('web', 'closed');
      process.kill(rig.service('web').pid ?? 0, 'SIGKILL');
      const second = await until('it is closed again', async () => {
        const [found] = await rig.watchdog.incidents({ target: 'web', limit: 1 });
        return found?.state === 'closed' && found.occurrences === 2 ? found : null;
      });
      assert.equal(second.id, first.id);
      assert.deepEqual(
        second.timeline.filter(({ kind }) => kind === 'outcome').map(({ evidence }) => evidence['outcome']),
        ['fixed', 'not_fixed', 'fixed'],
      );
      await until('the first run is corrected', async () => {
        const runs = await rig.actions.runs({ target: 'web', limit: 10 });
        return runs.map(({ outcome }) => outcome).join() === 'fixed,not_fixed';
      });
    } finally {
      await rig.close();
      removeHome(home);
    }
  });
});
