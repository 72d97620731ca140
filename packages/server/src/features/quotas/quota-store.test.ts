import assert from 'node:assert/strict';
import { it } from 'node:test';
import { VigilesConfig, type EventData } from '@vigiles/contract';
import { systemClock } from '../../kernel/clock.ts';
import { FaultError } from '../../kernel/fault.ts';
import { silentLog } from '../../kernel/log.ts';
import { createEventLog, eventLogMigrations } from '../../platform/event-log/index.ts';
import { until } from '../../testing/test-control.ts';
import { forEachStore, type OpenStore, type StorePlace } from '../../testing/stores.ts';
import { quotaMigrations } from './migrations.ts';
import { createQuotas } from './index.ts';
import { createQuotaService } from './service.ts';

const migrations = { ...eventLogMigrations, ...quotaMigrations };
const noon = Date.UTC(2026, 10, 21, 12);
const phone = { deviceId: 'dev_1', name: 'phone' };

async function open(openStore: OpenStore, place: StorePlace, devices: object) {
  const store = await openStore({ migrations, place });
  const events = createEventLog({ store, log: silentLog, clock: systemClock });
  const time = { now: noon };
  const config = VigilesConfig.parse({ quotas: { devices } });
  const { face, component, book, written } = createQuotaService({
    store,
    events,
    clock: { ...systemClock, now: () => time.now },
    log: silentLog,
    config: () => config,
  });
  const used = async (period: string): Promise<number> => {
    const rows = await book.used([Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 1)], phone.deviceId);
    return rows.find((row) => row.period === period)?.used ?? 0;
  };
  const told = async () =>
    (await events.read({ afterSeq: 0, limit: 100, types: ['quota.reached'] })).map(
      ({ data }) => (data as EventData<'quota.reached'>).threshold_percent,
    );
  return { store, face, component, written, used, time, told, events };
}

const refusals = (settled: readonly PromiseSettledResult<unknown>[]): FaultError[] =>
  settled.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    assert.ok(one.reason instanceof FaultError, String(one.reason));
    return [one.reason];
  });

forEachStore('quotas', (openStore, newPlace) => {
  it('of thirty at once on two controls exactly the limit get through, and each step is told once', async () => {
    const place = await newPlace();
    const devices = { '*': { web_requests: { daily: 10 } } };
    const [one, two] = [await open(openStore, place, devices), await open(openStore, place, devices)];
    const asked = await Promise.allSettled(
      Array.from({ length: 30 }, (_, at) => (at % 2 ? one : two).face.take(phone, 'web_requests', 1)),
    );
    const refused = refusals(asked);
    assert.equal(refused.length, 20);
    const { code, kind, details } = refused[0]?.fault ?? assert.fail();
    assert.deepEqual(
      [code, kind, details],
      [
        'quota_exhausted',
        'rate-limited',
        { quota: 'web_requests', period: 'daily', used: 10, limit: 10, resets_at: Date.UTC(2026, 10, 22) },
      ],
    );
    assert.deepEqual(await one.told(), [50, 75, 90, 100]);
    await one.face.take({ deviceId: 'dev_2', name: 'laptop' }, 'web_requests', 1);
    one.time.now += 86_400_000;
    await one.face.take(phone, 'web_requests', 1);
  });

  it('a month refuses what its day would allow, and takes nothing of the day for it', async () => {
    const devices = { phone: { web_requests: { daily: 10, monthly: 3 } } };
    const { face, used, time } = await open(openStore, await newPlace(), devices);
    for (let at = 0; at < 3; at += 1) await face.take(phone, 'web_requests', 1);
    await assert.rejects(face.take(phone, 'web_requests', 1), /3 of 3 pages of the web a month/);
    assert.equal(await used('daily'), 3);
    time.now = Date.UTC(2026, 11, 1);
    await face.take(phone, 'web_requests', 1);
  });

  it('what has no limit is counted all the same, and survives the end of the process', async () => {
    const place = await newPlace();
    const before = await open(openStore, place, {});
    await before.component.start?.();
    for (let at = 0; at < 5; at += 1) await before.face.take(phone, 'web_requests', 1);
    await before.component.stop?.();
    const after = await open(openStore, place, { '*': { web_requests: { daily: 6 } } });
    assert.equal(await after.used('daily'), 5);
    await after.face.take(phone, 'web_requests', 1);
    await assert.rejects(after.face.take(phone, 'web_requests', 1), /6 of 6/);
  });

  it('bytes are counted as they come, of several calls together, and stop at the limit', async () => {
    const devices = { '*': { bandwidth_mb: { daily: 1 } } };
    const { face, told, used } = await open(openStore, await newPlace(), devices);
    const [one, two] = [await face.meter(phone, 'bandwidth_mb'), await face.meter(phone, 'bandwidth_mb')];
    one.spend(530_000);
    two.spend(470_000);
    await one.settle();
    // What was written meanwhile is not counted twice.
    two.spend(48_576);
    assert.throws(() => two.spend(1), /1 of 1 MB of traffic a day/);
    await assert.rejects(face.meter(phone, 'bandwidth_mb'), /1 of 1 MB/);
    await two.settle();
    assert.equal(await used('daily'), 1_048_577);
    await assert.rejects(face.meter(phone, 'bandwidth_mb'), /1 of 1 MB/);
    assert.deepEqual(await told(), [50, 100]);
    const other = await face.meter({ deviceId: 'dev_2', name: 'laptop' }, 'bandwidth_mb');
    other.spend(1_000_000);
    await other.settle();
  });

  it('what is given back can be taken again, and what its transaction loses was never used', async () => {
    const { face, used, events } = await open(openStore, await newPlace(), {
      '*': { email_quota: { daily: 2 } },
    });
    await events.transaction((tx) => face.takeIn(tx, phone, 'email_quota', 2));
    await assert.rejects(
      events.transaction((tx) => face.takeIn(tx, phone, 'email_quota', 1)),
      /2 of 2/,
    );
    await events.transaction((tx) => face.giveBackIn(tx, phone, 'email_quota', 2, noon));
    await assert.rejects(
      events.transaction(async (tx) => {
        await face.takeIn(tx, phone, 'email_quota', 2);
        throw new Error('lost');
      }),
      /lost/,
    );
    assert.equal(await used('daily'), 0);
  });

  it('a device that nears what the gateway lets it ask in a day is told of once, from what the ledger has', async () => {
    const store = await openStore({ migrations, place: await newPlace() });
    const events = createEventLog({ store, log: silentLog, clock: systemClock });
    await events.start();
    const config = VigilesConfig.parse({ gateway: { limits: [{ device: 'dev_1', requests_per_day: 10 }] } });
    const { component } = createQuotas({
      store,
      events,
      clock: { ...systemClock, now: () => noon },
      log: silentLog,
      config: () => config,
    }).extend({
      devices: async () => [phone, { deviceId: 'dev_2', name: 'laptop' }],
      modelUse: async () =>
        new Map([
          ['dev_1', { requests: 9, tokens: 500 }],
          ['dev_2', { requests: 99, tokens: 500 }],
        ]),
      stored: async () => new Map(),
    });
    await component.start?.();
    const ended = (deviceId: string) =>
      events.append('turn.settled', {
        actor: 'gateway',
        subject: deviceId,
        data: { turn: { device_id: deviceId } } as EventData<'turn.settled'>,
      });
    const told = () => events.read({ afterSeq: 0, limit: 10, types: ['quota.reached'] });
    await ended('dev_2');
    await ended('dev_1');
    await until('it is told', async () => (await told()).length > 0);
    const [event] = await told();
    assert.ok(event);
    const { device_name: device, quota, threshold_percent: step } = event.data as EventData<'quota.reached'>;
    assert.deepEqual([device, quota, step], ['phone', 'ai_requests', 90]);
    await component.stop?.();
    await events.stop();
  });
});
