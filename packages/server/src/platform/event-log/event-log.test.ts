import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { VigilesEvent } from '@vigiles/contract';
import { silentLog, type Log } from '../../kernel/log.ts';
import { forEachStore, type StorePlace } from '../../testing/stores.ts';
import { fixtureMigrations as migrations, type FixtureTables } from '../store/conformance/fixture.ts';
import { until } from '../store/conformance/until.ts';
import { createEventLog, type EventLogOptions } from './index.ts';

const stopped = (subject: string) => ({ actor: 'system', subject, data: { reason: `because ${subject}` } });

forEachStore('the event log', (openStore, newPlace) => {
  const openLog = async (more: Partial<EventLogOptions> & { place?: StorePlace } = {}) => {
    const { place, ...options } = more;
    const store = await openStore({ migrations, ...(place ? { place } : {}) });
    const log = createEventLog({ store, log: silentLog, validate: true, ...options });
    const seen: VigilesEvent[] = [];
    log.subscribe((event) => seen.push(event));
    return { store, log, seen };
  };

  it('gives every event its place, an id and the time, and reads it back as it was delivered', async () => {
    const clock = { now: () => 1_790_000_000_000, monotonic: () => 0 };
    const { log, seen } = await openLog({ clock });
    await log.start();
    await log.append('system.stopped', stopped('one'));
    await log.transaction(async (tx) => {
      tx.append('system.started', { actor: 'a', subject: 'two', data: { version: '1', pid: 2 } });
      tx.append('system.stopped', stopped('three'));
    });
    const read = await log.read({ afterSeq: 0, limit: 500 });
    assert.deepEqual(read, seen);
    assert.deepEqual(
      read.map(({ seq, ts, type, subject }) => ({ seq, ts, type, subject })),
      [
        { seq: 1, ts: 1_790_000_000_000, type: 'system.stopped', subject: 'one' },
        { seq: 2, ts: 1_790_000_000_000, type: 'system.started', subject: 'two' },
        { seq: 3, ts: 1_790_000_000_000, type: 'system.stopped', subject: 'three' },
      ],
    );
    assert.equal(new Set(read.map((event) => event.id)).size, 3);
    await log.stop();
  });

  it('commits state and events together, or neither', async () => {
    const { store, log, seen } = await openLog();
    await log.start();
    const write = (name: string, fail: boolean) =>
      log.transaction<FixtureTables, void>(
        async (tx) => {
          await tx.db.insertInto('counter').values({ name, value: 1 }).execute();
          tx.append('system.stopped', stopped(name));
          if (fail) throw new Error('changed my mind');
        },
        { durable: true },
      );
    await assert.rejects(write('a', true), /changed my mind/);
    await write('b', false);
    await assert.rejects(write('b', false));
    assert.deepEqual(
      seen.map(({ seq, subject }) => ({ seq, subject })),
      [{ seq: 1, subject: 'b' }],
    );
    assert.equal(await log.head(), 1);
    const rows = await store.db<FixtureTables>().selectFrom('counter').select('name').execute();
    assert.deepEqual(rows, [{ name: 'b' }]);
    await log.stop();
  });

  it('keeps the order of a transaction with many events', async () => {
    const { log, seen } = await openLog();
    await log.start();
    const names = Array.from({ length: 233 }, (_, i) => `n${i}`);
    await log.transaction(async (tx) => {
      for (const name of names) tx.append('system.stopped', stopped(name));
    });
    assert.deepEqual(
      seen.map((event) => event.subject),
      names,
    );
    const second = await log.read({ afterSeq: 100, limit: 50 });
    assert.deepEqual(
      second.map((event) => event.subject),
      names.slice(100, 150),
    );
    await log.stop();
  });

  it('filters by type and by subject', async () => {
    const { log } = await openLog();
    await log.transaction(async (tx) => {
      for (const name of ['a', 'b', 'a']) tx.append('system.stopped', stopped(name));
      tx.append('system.started', { actor: 'a', subject: 'a', data: { version: '1', pid: 2 } });
    });
    const seqs = async (filter: object) =>
      (await log.read({ afterSeq: 0, limit: 10, ...filter })).map(({ seq }) => seq);
    assert.deepEqual(await seqs({ subject: 'a' }), [1, 3, 4]);
    assert.deepEqual(await seqs({ subject: 'a', types: ['system.stopped'] }), [1, 3]);
    assert.deepEqual(await seqs({ types: [] }), []);
    assert.deepEqual(await seqs({ afterSeq: 1, limit: 2 }), [2, 3]);
  });

  it('delivers what another store on the same database appends, merged in order, each once', async () => {
    const place = await newPlace();
    const here = await openLog({ place });
    const there = await openLog({ place });
    await here.log.append('system.stopped', stopped('before the start'));
    await Promise.all([here.log.start(), there.log.start()]);
    const count = 60;
    const append = async (log: typeof here.log, name: string) => {
      for (let i = 0; i < count; i += 1) await log.append('system.stopped', stopped(`${name}${i}`));
    };
    await Promise.all([append(here.log, 'h'), append(there.log, 't'), append(here.log, 'i')]);
    await until(() => here.seen.length >= 3 * count && there.seen.length >= 3 * count);
    await Promise.all([here.log.stop(), there.log.stop()]);
    const seqs = Array.from({ length: 3 * count }, (_, i) => i + 2);
    assert.deepEqual(
      here.seen.map((event) => event.seq),
      seqs,
    );
    assert.deepEqual(there.seen, here.seen);
  });

  it('forgets old events in batches, keeps the last ones, and never gives a seq twice', async () => {
    let now = 1_000_000;
    const { log } = await openLog({ clock: { now: () => now, monotonic: () => 0 } });
    const appendMany = (count: number) =>
      log.transaction(async (tx) => {
        for (let i = 0; i < count; i += 1) tx.append('system.stopped', stopped(`${now}-${i}`));
      });
    await appendMany(2_500);
    now += 10_000;
    await appendMany(10);
    assert.equal(await log.prune({ olderThanMs: 5_000, keep: 20 }), 2_490);
    assert.equal((await log.read({ afterSeq: 0, limit: 1 }))[0]?.seq, 2_491);
    assert.equal(await log.prune({ olderThanMs: 0, keep: 5 }), 10);
    now += 10_000;
    assert.equal(await log.prune({ olderThanMs: 0, keep: 0 }), 10);
    assert.equal(await log.head(), 2_510);
    await appendMany(1);
    assert.equal((await log.read({ afterSeq: 0, limit: 1 }))[0]?.seq, 2_511);
  });

  it('goes on with the other subscribers when one fails, and says so', async () => {
    const said: object[] = [];
    const log: Log = { ...silentLog, error: (fields) => said.push(fields) };
    const opened = await openLog({ log });
    opened.log.subscribe(() => {
      throw new Error('bad handler');
    });
    const later: number[] = [];
    const unsubscribe = opened.log.subscribe((event) => later.push(event.seq));
    await opened.log.start();
    await opened.log.append('system.stopped', stopped('a'));
    unsubscribe();
    await opened.log.append('system.stopped', stopped('b'));
    assert.deepEqual(later, [1]);
    assert.equal(opened.seen.length, 2);
    assert.equal(said.length, 2);
    await opened.log.stop();
  });

  it('shares no object between the one who appends and those who listen', async () => {
    const { log, seen } = await openLog();
    await log.start();
    const data = { changed: ['a'], actor: 'x' };
    const appending = log.append('config.reloaded', { actor: 'x', subject: 'config', data });
    data.changed.push('later');
    await appending;
    assert.deepEqual(seen[0]?.data, { changed: ['a'], actor: 'x' });
    await log.stop();
  });

  it('refuses a payload that the contract does not allow, and an append after the end of its transaction', async () => {
    const { log } = await openLog();
    const wrong = { actor: 'a', subject: 's', data: { reason: 5 as unknown as string } };
    await assert.rejects(log.append('system.stopped', wrong));
    let late: (() => void) | null = null;
    await log.transaction(async (tx) => {
      late = () => tx.append('system.stopped', stopped('late'));
    });
    assert.throws(() => late?.(), /after its transaction/);
    assert.equal(await log.head(), 0);
  });

  it('passes volatile samples on without storing them', async () => {
    const { log, seen } = await openLog();
    await log.start();
    const samples: unknown[] = [];
    const stop = log.subscribeVolatile((type, data) => samples.push([type, data]));
    log.publishVolatile('gateway.live', { snapshot: null });
    stop();
    log.publishVolatile('gateway.live', { snapshot: null });
    assert.deepEqual(samples, [['gateway.live', { snapshot: null }]]);
    assert.equal(seen.length, 0);
    assert.equal(await log.head(), 0);
    await log.stop();
  });
});
