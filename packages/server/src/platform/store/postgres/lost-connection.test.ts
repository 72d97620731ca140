import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { silentLog } from '../../../kernel/log.ts';
import { startPostgres, type PostgresServer } from '../../../testing/postgres.ts';
import { createStore, isStoreFault, type Store } from '../index.ts';
import { openWriter, type StoreWriter } from '../writer.ts';

const ask = (store: Store) => sql<{ n: number }>`select 1 as n`.execute(store.db());
const unavailable = (thrown: unknown) => isStoreFault(thrown, 'store_unavailable');

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Never happened: ${what}`);
    await delay(10);
  }
}

describe('a PostgreSQL server that goes away', () => {
  let server: PostgresServer;
  let store: Store;
  let writer: StoreWriter;
  before(async () => {
    server = await startPostgres({ own: true });
    store = await createStore({ url: server.url, home: tmpdir(), migrations: {}, log: silentLog });
    writer = await openWriter({ url: server.url, home: tmpdir() });
  });
  after(async () => {
    await writer.close();
    await store.close();
    await server.stop();
  });

  it('costs what is under way a clear fault, idle or not, and the next call works when it is back', async () => {
    // Idle clients, one checked out between two statements, one in the middle of a statement.
    await Promise.all([ask(store), ask(store), ask(store)]);
    const gone = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const between = store.transaction(async (trx) => {
      await sql`select 1`.execute(trx);
      begun.resolve();
      await gone.promise;
      await sql`select 1`.execute(trx);
    });
    const asking = store.report('select pg_sleep(30)');
    const writing = writer.transaction(async (run) => {
      await run('select 1', []);
      await gone.promise;
      await run('select 1', []);
    });
    const all = Promise.allSettled([between, asking, writing]);
    await begun.promise;
    await delay(200);
    await server.halt();
    await delay(200);
    gone.resolve();
    for (const settled of await all) {
      assert.equal(settled.status, 'rejected');
      assert.ok(unavailable(settled.reason), String(settled.reason));
      assert.equal(settled.reason.fault.retryable, true);
    }
    await assert.rejects(ask(store), unavailable);
    await assert.rejects(
      writer.transaction((run) => run('select 1', [])),
      unavailable,
    );

    await server.resume();
    assert.equal((await ask(store)).rows[0]?.n, 1);
    assert.equal((await writer.transaction((run) => run('select 1 as n', [])))[0]?.['n'], 1);
  });

  it('is listened to again when it is back', async () => {
    let heard = 0;
    const unlisten = store.onCommit((origin) => {
      if (origin === 'remote') heard += 1;
    });
    await until('it listens', () => heard > 0);
    await server.halt();
    await delay(300);
    await server.resume();
    const before = heard;
    // The listener says "remote" once it is connected: commits may have gone unheard.
    await until('it listens again', () => heard > before);
    const again = heard;
    await store.report(`select pg_notify('vigiles_commit', 'somebody else')`);
    await until('it hears of a commit', () => heard > again);
    unlisten();
  });
});
