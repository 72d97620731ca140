import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { createOutageSense } from './outage.ts';
import { createScheduler } from './scheduler/scheduler.ts';
import { Uptime } from './beats/uptime.ts';
import { openRig, removeHome, tempHome, until } from './testing/rig.ts';

/** Nothing of this thread goes on, as in a long computation, but other tests have the core. */
const blockFor = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('our own trouble', () => {
  it('a store that stalls is not recorded as failures of what is watched', async () => {
    const home = tempHome();
    const host = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.1, timeout_s: 5 };
    const services = Array.from({ length: 20 }, (_, at) => ({
      name: `s${at}`,
      checks: [check],
      failures_to_down: 1,
    }));
    const rig = await openRig({ home, services });
    try {
      const allUp = () => rig.watchdog.list(0).every(({ state }) => state === 'UP');
      await until('all are up', allUp);
      const looksBefore = rig.service('s0').beats.length;
      await rig.store.transaction(async () => {
        await until(
          'looks go on without the store',
          () => rig.service('s0').beats.length >= looksBefore + 10,
        );
        assert.ok(allUp());
      });
      assert.ok(allUp());
      assert.equal(rig.seen.filter(({ type }) => type === 'incident.opened').length, 0);
    } finally {
      await rig.close();
      host.closeAllConnections();
      host.close();
      removeHome(home);
    }
  });

  it('an event loop that was blocked for longer than a timeout makes nothing down', async () => {
    const home = tempHome();
    const host = createServer((_request, response) => void setTimeout(() => response.end('ok'), 20));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.1, timeout_s: 0.3 };
    const rig = await openRig({ home, services: [{ name: 'web', checks: [check], failures_to_down: 1 }] });
    try {
      await rig.up('web');
      for (let round = 0; round < 3; round += 1) {
        blockFor(1200);
        await delay(150);
      }
      await rig.up('web');
      assert.equal(rig.seen.filter(({ type }) => type === 'incident.opened').length, 0);
    } finally {
      await rig.close();
      host.closeAllConnections();
      host.close();
      removeHome(home);
    }
  });

  it('an outage that goes on over our own trouble is seen once', async () => {
    const home = tempHome();
    const host = createServer((_request, response) => {
      response.statusCode = 500;
      setTimeout(() => response.end(), 20);
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.1, timeout_s: 0.3 };
    const rig = await openRig({ home, services: [{ name: 'web', checks: [check], failures_to_down: 1 }] });
    try {
      await rig.incident('web', 'needs_person');
      const states = () => rig.service('web').beats.map(({ state }) => state);
      const lost = () => states().indexOf('UNKNOWN', states().indexOf('DOWN'));
      // Only a look that is under way is lost.
      for (let round = 0; round < 10 && lost() < 0; round += 1) {
        blockFor(1500);
        await delay(50);
      }
      await until('it is down again', () => lost() >= 0 && states().indexOf('DOWN', lost()) > 0);
      assert.equal((await rig.incident('web', 'needs_person')).occurrences, 1);
    } finally {
      await rig.close();
      host.closeAllConnections();
      host.close();
      removeHome(home);
    }
  });

  it('when nearly all remote hosts fail together it is our own network', () => {
    const outage = createOutageSense(systemClock);
    for (let at = 0; at < 200; at += 1) outage.note(`host-${at}`, true);
    outage.note('host-1', false);
    assert.equal(outage.suspicion(), null);
    for (let at = 0; at < 200; at += 1) outage.note(`host-${at}`, at === 7);
    assert.match(outage.suspicion() ?? '', /199 of 200/);
  });
});

describe('uptime', () => {
  it('counts downtime, and neither what was unknown nor maintenance', () => {
    const uptime = new Uptime();
    const now = 1_800_000_000_000;
    assert.equal(uptime.share(now), null);
    for (const state of ['UP', 'UP', 'DOWN', 'UP', 'UNKNOWN', 'MAINTENANCE', 'STOPPED_BY_USER'] as const) {
      uptime.add(now - 60_000, state);
    }
    assert.equal(uptime.share(now), 0.75);
    assert.equal(uptime.share(now + 25 * 3_600_000), null);
  });
});

describe('the scheduler', () => {
  it('spreads the first runs, and never runs a job twice at a time', async () => {
    let at = 0;
    const scheduler = createScheduler({ clock: systemClock, random: () => (at += 1) / 1001 });
    let running = 0;
    let most = 0;
    let runs = 0;
    const begun: number[] = [];
    const start = performance.now();
    for (let job = 0; job < 1000; job += 1) {
      let own = 0;
      scheduler.add({
        id: `job-${job}`,
        intervalMs: 500,
        async run() {
          own += 1;
          most = Math.max(most, own);
          running += 1;
          runs += 1;
          if (runs <= 1000) begun.push(performance.now() - start);
          await delay(5);
          own -= 1;
          running -= 1;
        },
      });
    }
    await until('every job ran twice', () => runs >= 2000);
    scheduler.stop();
    await until('the last ones end', () => running === 0);
    assert.equal(most, 1);
    assert.ok((begun.at(-1) ?? 0) - (begun[0] ?? 0) > 300, 'spread over the interval');
  });

  it('joins a run that is under way instead of starting another one', async () => {
    const scheduler = createScheduler({ clock: systemClock, random: () => 0.99 });
    let runs = 0;
    scheduler.add({ id: 'one', intervalMs: 60_000, run: async () => void (await delay(20), (runs += 1)) });
    await Promise.all([scheduler.runNow('one'), scheduler.runNow('one')]);
    scheduler.stop();
    assert.equal(runs, 1);
  });
});
