import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import type { VigilesEvent } from '@vigiles/contract';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import { forEachStore } from '../../testing/stores.ts';
import { until } from '../../testing/test-control.ts';
import { createDevices } from './devices.ts';
import { deviceMigrations } from './migrations.ts';

const migrations = { ...eventLogMigrations, ...deviceMigrations };
const codeOf = (thrown: unknown): string =>
  thrown instanceof FaultError ? thrown.fault.code : String(thrown);
const rejectsWith = (work: Promise<unknown>, code: string) =>
  assert.rejects(work, (thrown) => {
    assert.equal(codeOf(thrown), code);
    return true;
  });

/** Wall time that tests move by hand. */
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

forEachStore('devices', (openStore, newPlace, dialect) => {
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
    const seen: VigilesEvent[] = [];
    events.subscribe((event) => seen.push(event));
    return { events, devices, seen };
  };
  const fresh = async () => {
    const clock = movableClock();
    return { clock, ...(await open(await openStore({ migrations }), clock)) };
  };

  /** Devices whose first answer of the store about a table arrives after `meanwhile` has happened. */
  const openSlow = async (table: string, meanwhile: () => Promise<unknown>) => {
    const store = await openStore({ migrations });
    const { devices: here, events } = await open(store, systemClock);
    let held = false;
    const slow: KyselyPlugin = {
      transformQuery({ node }) {
        if (node.kind === 'SelectQueryNode' && JSON.stringify(node.from).includes(`"${table}"`)) held = true;
        return node;
      },
      async transformResult({ result }) {
        if (!held) return result;
        held = false;
        await meanwhile();
        return result;
      },
    };
    const db = <Tables>() => store.db<Tables>().withPlugin(slow);
    const there = createDevices({
      store: { ...store, db },
      events,
      clock: systemClock,
      newId,
      log: silentLog,
    });
    stops.push(() => there.stop());
    return { here, there };
  };

  it('a device that is revoked while a process reads its devices is known there no more', async () => {
    let revoke = async (): Promise<unknown> => undefined;
    const { here, there } = await openSlow('device', () => revoke());
    const { device, token } = await here.createDevice({ name: 'lost', scopes: ['gateway'] });
    revoke = () => {
      revoke = async () => undefined;
      return here.revoke(device.id, 'test');
    };
    await there.start();
    assert.equal(there.peek(token), null);
    assert.equal((await there.authenticate(token)).ok, false);
  });

  it('a short token that ends while a process reads it is known there no more', async () => {
    let end = async (): Promise<unknown> => undefined;
    const { here, there } = await openSlow('short_token', () => end());
    const { token } = await here.createDevice({ name: 'agent', scopes: ['read'] });
    const made = await here.short.exchange(
      {
        subjectToken: token,
        actorToken: undefined,
        lifetimeMs: 60_000,
        scopes: [],
        audience: undefined,
      },
      [],
    );
    assert.ok(made.ok, JSON.stringify(made));
    await there.start();
    end = () => {
      end = async () => undefined;
      return here.short.end(made.value.token);
    };
    await there.authenticate(made.value.token);
    assert.equal((await there.authenticate(made.value.token)).ok, false);
  });

  it('gives a device a token once and knows it again', async () => {
    const { devices, seen } = await fresh();
    const { device, token } = await devices.createDevice({ name: 'Codex', scopes: ['gateway'] });
    assert.match(token, /^vgl_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    const known = await devices.authenticate(token);
    assert.ok(known.ok);
    assert.deepEqual(known.value, {
      kind: 'device',
      deviceId: device.id,
      name: 'Codex',
      scopes: ['gateway'],
      tenant: 'main',
    });
    assert.equal(devices.peek(token)?.deviceId, device.id);
    assert.equal(JSON.stringify(seen).includes(token), false);
    assert.equal(JSON.stringify(await devices.list()).includes(token.slice(-40)), false);
  });

  it('refuses a token with another secret, another device or a broken checksum', async () => {
    const { devices } = await fresh();
    const one = await devices.createDevice({ name: 'one', scopes: ['read'] });
    const two = await devices.createDevice({ name: 'two', scopes: ['read'] });
    const swapped = one.token.replace(one.device.id, two.device.id);
    for (const token of [swapped, `${one.token}x`, one.token.toLowerCase(), '', 'vgl_']) {
      assert.equal((await devices.authenticate(token)).ok, false, token);
      assert.equal(devices.peek(token), null);
    }
  });

  it('ends the old token at rotation, or after the overlap', async () => {
    const { devices, clock } = await fresh();
    const { device, token: first } = await devices.createDevice({ name: 'd', scopes: ['read'] });
    const { token: second } = await devices.rotate(device.id, 0, 'test');
    assert.equal((await devices.authenticate(first)).ok, false);
    assert.equal((await devices.authenticate(second)).ok, true);
    const { token: third } = await devices.rotate(device.id, 60_000, 'test');
    assert.equal((await devices.authenticate(second)).ok, true);
    assert.equal((await devices.authenticate(third)).ok, true);
    clock.pass(60_001);
    assert.equal((await devices.authenticate(second)).ok, false);
    assert.equal((await devices.authenticate(third)).ok, true);
  });

  it('refuses a revoked device at once, and keeps refusing it', async () => {
    const { devices, seen } = await fresh();
    const { device, token } = await devices.createDevice({ name: 'd', scopes: ['read'] });
    await devices.revoke(device.id, 'test');
    assert.equal(devices.peek(token), null);
    assert.equal((await devices.authenticate(token)).ok, false);
    await rejectsWith(devices.revoke(device.id, 'test'), 'device_not_found');
    await rejectsWith(devices.rotate(device.id, 0, 'test'), 'device_not_found');
    assert.deepEqual(await devices.list(), []);
    assert.equal((await devices.list({ revoked: true })).length, 1);
    await until('both events arrived', () => seen.length === 2);
    assert.deepEqual(
      seen.map(({ type }) => type),
      ['device.paired', 'device.revoked'],
    );
  });

  it('tells another process on the same store of new, rotated and revoked devices', async () => {
    const place = await newPlace();
    const clock = movableClock();
    const here = await open(await openStore({ migrations, place }), clock);
    const there = await open(await openStore({ migrations, place }), clock);
    const { device, token } = await here.devices.createDevice({ name: 'd', scopes: ['gateway'] });
    assert.equal((await there.devices.authenticate(token)).ok, true);
    const { token: next } = await here.devices.rotate(device.id, 0, 'test');
    await until('the old token ended there', () => there.devices.peek(token) === null);
    await until('the new one is known there', () => there.devices.peek(next) !== null);
    await here.devices.revoke(device.id, 'test');
    await until('it is revoked there', () => there.devices.peek(next) === null);
    assert.equal((await there.devices.authenticate(next)).ok, false);
  });

  it('pairs with a code typed in any case and spacing, once', async () => {
    const { devices } = await fresh();
    const pairing = await devices.pairings.create({ name: 'Laptop', scopes: ['read', 'operate'] });
    assert.match(pairing.code, /^[2-9B-Z]{4} [2-9B-Z]{4}$/);
    const typed = ` ${pairing.code.toLowerCase().replace(' ', '-')} `;
    const { device, token } = await devices.pairings.complete(typed, undefined);
    assert.equal(device.name, 'Laptop');
    assert.deepEqual(device.scopes, ['read', 'operate']);
    assert.equal((await devices.authenticate(token)).ok, true);
    await rejectsWith(devices.pairings.complete(pairing.code, undefined), 'pairing_code_invalid');
    assert.deepEqual(await devices.pairings.list(), []);
  });

  it('lets one of many win the same code', async () => {
    const place = await newPlace();
    const clock = movableClock();
    const here = await open(await openStore({ migrations, place }), clock);
    const there = await open(await openStore({ migrations, place }), clock);
    const { code } = await here.devices.pairings.create({ name: 'd', scopes: ['read'] });
    const tries = await Promise.allSettled(
      [here, there, here, there, here].map(({ devices }) => devices.pairings.complete(code, undefined)),
    );
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const tried of tries) {
      if (tried.status === 'rejected') assert.equal(codeOf(tried.reason), 'pairing_code_invalid');
    }
    assert.equal((await here.devices.list()).length, 1);
  });

  it('forgets a code after five minutes, and when it is cancelled', async () => {
    const { devices, clock } = await fresh();
    const late = await devices.pairings.create({ name: 'd', scopes: ['read'] });
    clock.pass(5 * 60_000);
    await rejectsWith(devices.pairings.complete(late.code, undefined), 'pairing_code_invalid');
    const open = await devices.pairings.create({ name: 'd', scopes: ['read'] });
    const listed = await devices.pairings.list();
    assert.deepEqual(
      listed.map(({ request_id }) => request_id),
      [open.request_id],
    );
    assert.notEqual(listed[0]?.code, open.code);
    await devices.pairings.cancel(open.request_id);
    await rejectsWith(devices.pairings.complete(open.code, undefined), 'pairing_code_invalid');
    await rejectsWith(devices.pairings.cancel(open.request_id), 'pairing_not_found');
  });

  it('signs a browser in once per code and ends its session by time or revocation', async () => {
    const { devices, clock } = await fresh();
    const code = await devices.browser.createCode(['admin']);
    const { device, cookie } = await devices.browser.signIn(code);
    await rejectsWith(devices.browser.signIn(code), 'sign_in_code_invalid');
    assert.equal((await devices.browser.find(cookie))?.kind, 'browser');
    assert.equal(await devices.browser.find(`${cookie.slice(0, -1)}!`), null);

    const day = 86_400_000;
    clock.pass(20 * day);
    assert.ok(await devices.browser.find(cookie), 'used: the end moves');
    clock.pass(20 * day);
    assert.ok(await devices.browser.find(cookie), 'still good after forty days of use');
    clock.pass(31 * day);
    assert.equal(await devices.browser.find(cookie), null, 'unused for a month');

    const late = await devices.browser.createCode(['admin']);
    clock.pass(10 * 60_000);
    await rejectsWith(devices.browser.signIn(late), 'sign_in_code_invalid');

    const again = await devices.browser.signIn(await devices.browser.createCode(['read']));
    await devices.revoke(again.device.id, 'test');
    assert.equal(await devices.browser.find(again.cookie), null);
    await devices.revoke(device.id, 'test');
  });

  it('writes last_seen_at at most once a minute', async () => {
    const { devices, clock } = await fresh();
    const { token } = await devices.createDevice({ name: 'd', scopes: ['read'] });
    const lastSeen = async () => (await devices.list())[0]?.device.last_seen_at ?? null;
    const start = clock.now();
    await devices.authenticate(token);
    await until('it was written', async () => (await lastSeen()) === start);
    clock.pass(30_000);
    await devices.authenticate(token);
    clock.pass(30_000);
    await devices.authenticate(token);
    await until('the second was written', async () => (await lastSeen()) === start + 60_000);
  });

  it(`keeps its numbers as numbers on ${dialect}`, async () => {
    const { devices, clock } = await fresh();
    await devices.createDevice({ name: 'd', scopes: ['read'] });
    assert.equal((await devices.list())[0]?.device.created_at, clock.now());
  });
});
