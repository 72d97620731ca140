import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { Clock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { createDevices } from './devices.ts';
import { deviceMigrations } from './migrations.ts';
import { insertDevice, newDeviceRow } from './registry.ts';
import type { DeviceTables } from './tables.ts';

const migrations = { ...eventLogMigrations, ...deviceMigrations };

const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);
const rejectsWith = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (thrown) => {
    assert.equal(codeOf(thrown), code);
    return true;
  });

function movableClock(): Clock & { pass(ms: number): void } {
  let nowMs = 1_800_000_000_000;
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

const asked = {
  clientId: 'cli',
  clientName: 'Laptop',
  askedFrom: '192.0.2.1',
  scopes: ['read', 'operate'],
} as const;

forEachStore('device flow and short tokens', (openStore, newPlace) => {
  const stops: (() => Promise<void>)[] = [];
  after(async () => {
    for (const stop of stops.toReversed()) await stop();
  });
  const open = async (store: Store, clock: Clock) => {
    const events = createEventLog({ store, log: silentLog, clock, newId, validate: true });
    const devices = createDevices({ store, events, clock, newId, log: silentLog });
    await events.start();
    await devices.start();
    stops.push(async () => {
      await devices.stop();
      await events.stop();
    });
    return { events, devices, store };
  };
  const fresh = async () => {
    const clock = movableClock();
    return { clock, ...(await open(await openStore({ migrations }), clock)) };
  };
  const two = async () => {
    const place = await newPlace();
    const clock = movableClock();
    return {
      clock,
      here: await open(await openStore({ migrations, place }), clock),
      there: await open(await openStore({ migrations, place }), clock),
    };
  };

  it('lets a program in once its code was approved, with the scopes of the approval', async () => {
    const { devices, clock } = await fresh();
    const { deviceCode, userCode } = await devices.flow.ask(asked);
    assert.match(userCode, /^[2-9BCDFGHJKMNP-TV-Z]{4}-[2-9BCDFGHJKMNP-TV-Z]{4}$/);
    await rejectsWith(devices.flow.poll(deviceCode, 'cli'), 'authorization_pending');
    const typed = ` ${userCode.toLowerCase().replace('-', ' ')} `;
    const seen = await devices.flow.lookUp(typed);
    assert.deepEqual(
      [seen.client_name, seen.asked_from, seen.scopes],
      ['Laptop', '192.0.2.1', ['read', 'operate']],
    );
    await devices.flow.approve(typed, { scopes: ['read'], name: 'My laptop' }, 'device:me');
    await rejectsWith(
      devices.flow.approve(typed, { scopes: ['admin'] }, 'device:other'),
      'user_code_invalid',
    );
    clock.pass(5000);
    await rejectsWith(devices.flow.poll(deviceCode, 'another'), 'invalid_grant');
    const { device, token } = await devices.flow.poll(deviceCode, 'cli');
    assert.deepEqual([device.name, device.scopes], ['My laptop', ['read']]);
    assert.equal((await devices.authenticate(token)).ok, true);
    clock.pass(5000);
    await rejectsWith(devices.flow.poll(deviceCode, 'cli'), 'invalid_grant');
    assert.deepEqual(await devices.flow.waiting(), []);
  });

  it('uses an approval up once, however many polls come at the same moment from however many processes', async () => {
    const { here, there } = await two();
    const { deviceCode, userCode } = await here.devices.flow.ask(asked);
    await here.devices.flow.approve(userCode, { scopes: ['read'] }, 'device:me');
    const polls = await Promise.allSettled(
      [here, there, here, there].map(({ devices }) => devices.flow.poll(deviceCode, 'cli')),
    );
    const given = polls.filter(({ status }) => status === 'fulfilled');
    const refused = polls.flatMap((poll) => (poll.status === 'rejected' ? [codeOf(poll.reason)] : []));
    assert.equal(given.length, 1);
    assert.deepEqual(refused, ['invalid_grant', 'invalid_grant', 'invalid_grant']);
    assert.equal((await here.devices.list()).length, 1);
  });

  it('lets one of two approvers decide', async () => {
    const { here, there } = await two();
    const { userCode } = await here.devices.flow.ask(asked);
    const decisions = await Promise.allSettled([
      here.devices.flow.approve(userCode, { scopes: ['read'] }, 'device:a'),
      there.devices.flow.deny(userCode, 'device:b'),
      there.devices.flow.approve(userCode, { scopes: ['admin'] }, 'device:c'),
    ]);
    assert.equal(decisions.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('tells a denied program so once, and an expired one that it is too late', async () => {
    const { devices, clock } = await fresh();
    const denied = await devices.flow.ask(asked);
    await devices.flow.deny(denied.userCode, 'device:me');
    await rejectsWith(devices.flow.poll(denied.deviceCode, 'cli'), 'access_denied');
    clock.pass(5000);
    await rejectsWith(devices.flow.poll(denied.deviceCode, 'cli'), 'invalid_grant');
    const late = await devices.flow.ask(asked);
    clock.pass(10 * 60_000);
    await rejectsWith(devices.flow.poll(late.deviceCode, 'cli'), 'expired_token');
    await rejectsWith(devices.flow.lookUp(late.userCode), 'user_code_invalid');
    await rejectsWith(devices.flow.approve(late.userCode, { scopes: ['read'] }, 'x'), 'user_code_invalid');
    assert.deepEqual(await devices.list(), []);
  });

  it('slow_down is told to a hasty client, and it recovers when it waits', async () => {
    const { devices, clock } = await fresh();
    const { deviceCode, userCode } = await devices.flow.ask(asked);
    await rejectsWith(devices.flow.poll(deviceCode, 'cli'), 'authorization_pending');
    await devices.flow.approve(userCode, { scopes: ['read'] }, 'device:me');
    await rejectsWith(devices.flow.poll(deviceCode, 'cli'), 'slow_down');
    clock.pass(10_000);
    assert.equal((await devices.flow.poll(deviceCode, 'cli')).device.name, 'Laptop');
  });

  it('has room for a bounded number of programs that wait, and room again when they gave up', async () => {
    const { devices, clock } = await fresh();
    for (let i = 0; i < 200; i += 1) await devices.flow.ask(asked);
    await rejectsWith(devices.flow.ask(asked), 'temporarily_unavailable');
    clock.pass(10 * 60_000);
    await devices.flow.ask(asked);
  });

  it('pairing an id that exists never overwrites it', async () => {
    const { devices, events } = await fresh();
    const { device, token } = await devices.createDevice({ name: 'first', scopes: ['read'] });
    const second = newDeviceRow({ name: 'second', scopes: ['admin'] }, 'device', 0);
    await assert.rejects(
      events.transaction<DeviceTables, void>((tx) =>
        insertDevice(tx, { ...second.row, id: device.id }, 'test'),
      ),
    );
    assert.deepEqual(
      (await devices.list()).map(({ device: { name, scopes } }) => [name, scopes]),
      [['first', ['read']]],
    );
    assert.equal((await devices.authenticate(token)).ok, true);
  });

  const exchange = (devices: ReturnType<typeof createDevices>, subjectToken: string, more: object = {}) =>
    devices.short.exchange(
      { subjectToken, actorToken: undefined, audience: undefined, scopes: [], lifetimeMs: 900_000, ...more },
      ['google'],
    );

  it('a short token speaks for its device, for a quarter of an hour at most, and tells who uses it', async () => {
    const { devices, clock } = await fresh();
    const subject = await devices.createDevice({ name: 'phone', scopes: ['read', 'operate'] });
    const actor = await devices.createDevice({ name: 'agent', scopes: ['gateway'] });
    const given = await exchange(devices, subject.token, {
      actorToken: actor.token,
      scopes: ['read'],
      lifetimeMs: 86_400_000,
    });
    assert.ok(given.ok);
    assert.match(given.value.token, /^vgt_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    const known = await devices.authenticate(given.value.token);
    assert.ok(known.ok);
    assert.deepEqual([known.value.deviceId, known.value.scopes], [subject.device.id, ['read']]);
    assert.equal(known.value.short?.actorId, actor.device.id);
    assert.equal(known.value.short?.expiresAt, clock.now() + 900_000);
    const again = await exchange(devices, given.value.token);
    assert.equal(!again.ok && again.fault.code, 'invalid_grant', 'it cannot be drawn out');
    const [listed] = await devices.short.list();
    assert.deepEqual([listed?.device_id, listed?.actor_id], [subject.device.id, actor.device.id]);
    clock.pass(900_000);
    assert.equal((await devices.authenticate(given.value.token)).ok, false);
    assert.equal(devices.peek(given.value.token), null);
  });

  it('a short token ends with its device, with the token it was exchanged for, and when it is given back', async () => {
    const { here, there } = await two();
    const short = async (token: string): Promise<string> => {
      const given = await exchange(here.devices, token);
      assert.ok(given.ok);
      assert.equal((await there.devices.authenticate(given.value.token)).ok, true);
      return given.value.token;
    };
    const gone = (what: string, token: string) =>
      until(
        what,
        async () => !(await there.devices.authenticate(token)).ok && there.devices.peek(token) === null,
      );

    const one = await here.devices.createDevice({ name: 'one', scopes: ['read'] });
    const ofOne = await short(one.token);
    await here.devices.revoke(one.device.id, 'test');
    await gone('it ended with its device', ofOne);

    const other = await here.devices.createDevice({ name: 'two', scopes: ['read'] });
    const ofFirst = await short(other.token);
    const { token: next } = await here.devices.rotate(other.device.id, 0, 'test');
    await gone('it ended with the rotated token', ofFirst);

    const ofNext = await short(next);
    assert.equal(await here.devices.giveBack(ofNext), true);
    await gone('it was given back', ofNext);
    assert.equal((await here.devices.authenticate(next)).ok, true);
    assert.equal(await here.devices.giveBack(ofNext), false);
  });

  it('a short token of a token in its overlap ends with the overlap', async () => {
    const { devices, clock } = await fresh();
    const { device, token } = await devices.createDevice({ name: 'd', scopes: ['read'] });
    await devices.rotate(device.id, 60_000, 'test');
    const given = await exchange(devices, token);
    assert.ok(given.ok);
    assert.equal((await devices.authenticate(given.value.token)).ok, true);
    clock.pass(60_001);
    assert.equal((await devices.authenticate(given.value.token)).ok, false);
  });
});
