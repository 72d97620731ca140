import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { OpenStore } from '../../../testing/stores.ts';
import { isUniqueViolation } from '../faults.ts';
import { fixtureMigrations as migrations, type FixtureTables } from './fixture.ts';

export function transactionCases(openStore: OpenStore): void {
  it('what a transaction writes is seen by nobody before it commits and by everybody after', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    await store.transaction<FixtureTables, void>(async (trx) => {
      await trx.insertInto('counter').values({ name: 'a', value: 1 }).execute();
      assert.equal((await trx.selectFrom('counter').selectAll().execute()).length, 1);
      assert.deepEqual(await db.selectFrom('counter').selectAll().execute(), []);
    });
    assert.deepEqual(await db.selectFrom('counter').selectAll().execute(), [{ name: 'a', value: 1 }]);
  });

  it('a text with a null character in it is kept, where it cannot be with a mark in its place', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    await db.insertInto('counter').values({ name: 'a\0b', value: 1 }).execute();
    const [row] = await db.selectFrom('counter').selectAll().execute();
    assert.match(row?.name ?? '', /^a[\0\uFFFD]b$/);
    const same = await db.selectFrom('counter').select('value').where('name', '=', 'a\0b').execute();
    assert.deepEqual(same, [{ value: 1 }]);
  });

  it('a transaction whose work throws leaves nothing behind', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    const failure = new Error('no');
    await assert.rejects(
      store.transaction<FixtureTables, void>(async (trx) => {
        await trx.insertInto('counter').values({ name: 'a', value: 1 }).execute();
        throw failure;
      }),
      failure,
    );
    assert.deepEqual(await db.selectFrom('counter').selectAll().execute(), []);
    await store.transaction<FixtureTables, void>(async (trx) => {
      await trx.insertInto('counter').values({ name: 'b', value: 2 }).execute();
    });
    assert.deepEqual(await db.selectFrom('counter').select('name').execute(), [{ name: 'b' }]);
  });

  it('plain statements are one transaction too, seen once it commits, and nothing of it where the work throws', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    const insert = store.dialect === 'postgres' ? 'values ($1, $2)' : 'values (?, ?)';
    const failure = new Error('no');
    await assert.rejects(
      store.statements(async (run) => {
        await run(`insert into counter (name, value) ${insert}`, ['a', 1]);
        throw failure;
      }),
      failure,
    );
    const told = Promise.withResolvers<void>();
    const unlisten = store.onCommit((origin) => origin === 'local' && told.resolve());
    const seen = await store.statements(
      async (run) => {
        await run(`insert into counter (name, value) ${insert}`, ['b', 2]);
        assert.deepEqual(await db.selectFrom('counter').selectAll().execute(), []);
        return run('select name, value from counter', []);
      },
      { durable: true },
    );
    assert.deepEqual(seen, [{ name: 'b', value: 2 }]);
    await told.promise;
    unlisten();
    assert.deepEqual(await db.selectFrom('counter').selectAll().execute(), [{ name: 'b', value: 2 }]);
  });

  it('concurrent read-modify-write transactions of one process lose no update', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    await db.insertInto('counter').values({ name: 'a', value: 0 }).execute();
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        store.transaction<FixtureTables, void>(
          async (trx) => {
            await trx
              .updateTable('counter')
              .set((set) => ({ value: set('value', '+', 1) }))
              .where('name', '=', 'a')
              .execute();
          },
          { durable: i % 2 === 0 },
        ),
      ),
    );
    assert.deepEqual(await db.selectFrom('counter').select('value').execute(), [{ value: 40 }]);
  });

  it('a row read for update is not changed by anybody until the transaction ends', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    await db.insertInto('counter').values({ name: 'a', value: 0 }).execute();
    const increment = () =>
      store.transaction<FixtureTables, void>(async (trx) => {
        const row = await trx.selectFrom('counter').selectAll().forUpdate().executeTakeFirstOrThrow();
        await trx
          .updateTable('counter')
          .set({ value: row.value + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    assert.deepEqual(await db.selectFrom('counter').select('value').execute(), [{ value: 20 }]);
  });

  it('a row that is already there is recognised as a unique violation, other failures are not', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    const insert = () => db.insertInto('counter').values({ name: 'a', value: 1 }).execute();
    await insert();
    await assert.rejects(insert(), (thrown) => isUniqueViolation(thrown));
    await assert.rejects(
      db
        .insertInto('counter')
        .values({ name: 'b', value: null as unknown as number })
        .execute(),
      (thrown) => !isUniqueViolation(thrown),
    );
  });

  it('milliseconds come back as numbers, text and null as they were, changed rows are counted', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    const ms = 1_790_000_000_123;
    const rows = [
      { id: '1', writer: 'Ünïcode 🛰 \\ \' "', n: ms, note: null },
      { id: '2', writer: '', n: Number.MAX_SAFE_INTEGER, note: '{"a":1}' },
    ];
    await db.insertInto('entry').values(rows).execute();
    assert.deepEqual(await db.selectFrom('entry').selectAll().orderBy('id').execute(), rows);
    const updated = await db.updateTable('entry').set({ note: 'x' }).where('n', '>', 0).executeTakeFirst();
    assert.equal(updated.numUpdatedRows, 2n);
    const returned = await db.deleteFrom('entry').where('id', '=', '2').returning(['id', 'note']).execute();
    assert.deepEqual(returned, [{ id: '2', note: 'x' }]);
    const counted = await db
      .selectFrom('entry')
      .select((select) => select.fn.countAll<number>().as('count'))
      .execute();
    assert.deepEqual(counted, [{ count: 1 }]);
  });

  it('a report runs a compiled query and answers with plain rows', async () => {
    const store = await openStore({ migrations });
    const db = store.db<FixtureTables>();
    await db
      .insertInto('counter')
      .values([
        { name: 'a', value: 1 },
        { name: 'b', value: 2 },
      ])
      .execute();
    const { sql, parameters } = db.selectFrom('counter').selectAll().where('value', '>', 1).compile();
    assert.deepEqual(await store.report(sql, parameters), [{ name: 'b', value: 2 }]);
    await assert.rejects(store.report('select nonsense from nowhere'));
    assert.deepEqual(await store.report(sql, parameters), [{ name: 'b', value: 2 }]);
  });
}
