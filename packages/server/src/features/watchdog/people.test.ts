import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { freePort, httpService, openRig, removeHome, tempHome, until } from './testing/rig.ts';

const person = 'device:test';
const quick = { cooldown_s: Array(10).fill(0) };

describe('people and the watchdog', () => {
  it('what a person stops stays stopped, without alert, also over a restart of control', async () => {
    const home = tempHome();
    const service = httpService(home, await freePort());
    const first = await openRig({ home, services: [service], watchdog: quick });
    await first.up('web');
    const asked = await first.actions.request({
      action: 'stop_service',
      target: 'web',
      actor: person,
      reason: 'test',
    });
    assert.ok(asked.ok);
    assert.equal(asked.value.run.state, 'vetoing');
    assert.equal((await asked.value.done).outcome, 'fixed');
    assert.equal(first.state('web'), 'STOPPED_BY_USER');
    const automatic = await first.actions.request({
      action: 'restart_service',
      target: 'web',
      actor: 'watchdog',
      reason: 'x',
    });
    assert.equal(automatic.ok, false);
    await first.close();

    const second = await openRig({ home, services: [service], watchdog: quick });
    try {
      assert.equal(second.state('web'), 'STOPPED_BY_USER');
      assert.equal(second.service('web').pid, null);
      assert.equal((await second.watchdog.incidents({ limit: 10 })).length, 0);
      const start = await second.actions.request({
        action: 'start_service',
        target: 'web',
        actor: person,
        reason: 'go',
      });
      assert.ok(start.ok);
      assert.equal((await start.value.done).outcome, 'fixed');
      assert.equal(second.state('web'), 'UP');
    } finally {
      await second.close();
      removeHome(home);
    }
  });

  it('a veto stops a disruptive run before it changed anything', async () => {
    const home = tempHome();
    const service = httpService(home, await freePort());
    const rig = await openRig({ home, services: [service], watchdog: { veto_s: 60 } });
    try {
      await rig.up('web');
      const { pid } = rig.service('web');
      const asked = await rig.actions.request({
        action: 'restart_service',
        target: 'web',
        params: { force: true },
        actor: person,
        reason: 'test',
      });
      assert.ok(asked.ok);
      const cancelled = await rig.actions.cancel(asked.value.run.id, person);
      assert.ok(cancelled.ok);
      assert.equal(cancelled.value.outcome, 'cancelled');
      assert.equal(cancelled.value.cancelled_by, person);
      assert.equal(rig.service('web').pid, pid);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('a healthy service is not restarted by the watchdog', async () => {
    const home = tempHome();
    const rig = await openRig({ home, services: [httpService(home, await freePort())] });
    try {
      await rig.up('web');
      const asked = await rig.actions.request({
        action: 'restart_service',
        target: 'web',
        actor: 'watchdog',
        reason: 'x',
      });
      assert.equal(asked.ok, false);
      assert.match(asked.ok ? '' : asked.fault.message, /healthy again/);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('one dead host with twenty services on it gives one alert', async () => {
    const home = tempHome();
    const host = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.2, timeout_s: 1 };
    const base = { checks: [check], failures_to_down: 2 };
    const children = Array.from({ length: 20 }, (_, at) => ({
      ...base,
      name: `child-${at}`,
      depends_on: ['host'],
    }));
    const rig = await openRig({ home, services: [{ ...base, name: 'host' }, ...children] });
    try {
      await until('all are up', () => rig.watchdog.list(0).every(({ state }) => state === 'UP'));
      host.closeAllConnections();
      await new Promise((resolve) => host.close(resolve));
      await until('all are down', () => rig.watchdog.list(0).every(({ state }) => state === 'DOWN'));
      await until('the alert', () => rig.alerts().length > 0);
      const incidents = await rig.watchdog.incidents({ limit: 100 });
      assert.deepEqual(
        incidents.map(({ service }) => service),
        ['host'],
      );
      assert.equal(rig.alerts().length, 1);
    } finally {
      await rig.close();
      removeHome(home);
    }
  });

  it('a host that accepts but never answers costs no pile of sockets', async () => {
    const home = tempHome();
    let open = 0;
    let most = 0;
    let looks = 0;
    const host = createTcp((socket) => {
      looks += 1;
      open += 1;
      most = Math.max(most, open);
      socket.resume();
      socket.on('error', () => undefined);
      socket.on('close', () => (open -= 1));
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const { port } = host.address() as AddressInfo;
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, interval_s: 0.1, timeout_s: 0.05 };
    const rig = await openRig({ home, services: [{ name: 'hung', checks: [check] }] });
    try {
      await until('ten looks were made', () => looks >= 10);
      assert.ok(most <= 2, `${most} open at a time`);
    } finally {
      await rig.close();
      host.close();
      removeHome(home);
    }
  });
});
