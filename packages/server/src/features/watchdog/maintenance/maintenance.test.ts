import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WatchdogConfig } from '@vigiles/contract';
import { removeHome, openRig, tempHome, until, type Rig } from '../testing/rig.ts';
import { createMaintenanceBook } from './book.ts';

describe('maintenance', () => {
  const home = tempHome();
  let rig: Rig;
  let answers = true;
  const host = createServer((_request, response) => response.writeHead(answers ? 200 : 503).end());
  const check = () => ({
    type: 'http',
    url: `http://127.0.0.1:${(host.address() as AddressInfo).port}/`,
    interval_s: 0.1,
    timeout_s: 1,
  });
  const open = () =>
    openRig({
      home,
      services: ['web', 'api'].map((name) => ({ name, checks: [check()], failures_to_down: 1 })),
    });
  before(async () => {
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    rig = await open();
    await Promise.all([rig.up('web'), rig.up('api')]);
  });
  after(async () => {
    await rig.close();
    host.closeAllConnections();
    host.close();
    removeHome(home);
  });

  it('is entered at once, keeps looking, alerts nobody, and survives a restart', async () => {
    const begun = await rig.watchdog.maintenance.begin(
      { services: ['web'], minutes: 30, reason: 'new disk' },
      'device:d1',
    );
    assert.ok(begun.ok);
    assert.equal(rig.state('web'), 'MAINTENANCE');
    assert.equal(rig.service('web').reason, 'new disk');
    answers = false;
    await until('the other one is down', () => rig.state('api') === 'DOWN');
    const looks = rig.service('web').beats.length;
    await until('it is still looked at', () => rig.service('web').beats.length >= looks + 3);
    assert.equal(rig.state('web'), 'MAINTENANCE');
    const about = rig.seen.filter(({ type, data }) => {
      const { incident } = data as { incident?: { service: string } };
      return type === 'incident.opened' && incident?.service === 'web';
    });
    assert.equal(about.length, 0);
    await rig.close();
    rig = await open();
    await until('it is in maintenance again', () => rig.state('web') === 'MAINTENANCE');
    assert.equal(rig.watchdog.maintenance.list()[0]?.open, true);
  });

  it('ends when a person says so, and what is still broken is then a fault', async () => {
    const [open] = rig.watchdog.maintenance.list();
    assert.ok(open?.id);
    const ended = await rig.watchdog.maintenance.end(open.id, 'device:d1');
    assert.equal(ended.ok && ended.value.open, false);
    assert.equal(rig.watchdog.maintenance.list().length, 0);
    const incident = await rig.incident('web', 'needs_person');
    assert.equal(incident.fault_code, 'check_failing');
    const again = await rig.watchdog.maintenance.end(open.id, 'device:d1');
    assert.equal(!again.ok && again.fault.code, 'unknown_maintenance');
    answers = true;
    await rig.up('web');
  });

  it('for a service that does not exist, or a moment that is over, is refused', async () => {
    const { begin } = rig.watchdog.maintenance;
    const unknown = await begin({ services: ['nobody'], minutes: 5, reason: '' }, 'device:d1');
    assert.equal(!unknown.ok && unknown.fault.code, 'unknown_service');
    const over = await begin({ services: ['web'], until: Date.now() - 1, reason: '' }, 'device:d1');
    assert.equal(!over.ok && over.fault.code, 'window_over');
  });
});

describe('the maintenance book', () => {
  const now = Date.parse('2026-06-10T23:30:00Z');
  const window = { from: '23:00', to: '02:00', time_zone: 'UTC' };
  const book = createMaintenanceBook(
    WatchdogConfig.parse({
      services: [{ name: 'db', checks: [], maintenance: [{ ...window, reason: 'vacuum' }] }],
      maintenance: [{ ...window, services: ['web-*'] }],
    }),
  );

  it('gives the same array until a window is over, so that nothing is worked out at each look', () => {
    const first = book.windowsOf('db', now);
    assert.equal(book.windowsOf('db', now + 60_000), first);
    assert.notEqual(book.windowsOf('db', now + 3 * 3_600_000), first);
    assert.equal(first[0]?.reason, 'vacuum');
  });

  it('patterns choose services by how their name begins', () => {
    assert.equal(book.windowsOf('web-1', now).length, 1);
    assert.equal(book.windowsOf('webhook', now).length, 0);
    book.replace([{ id: 'm', services: [], from: now, to: now + 1, reason: '', actor: 'a' }]);
    assert.equal(book.windowsOf('webhook', now).length, 1);
  });
});
