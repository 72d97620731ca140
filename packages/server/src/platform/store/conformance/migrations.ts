import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Kysely } from 'kysely';
import type { NewPlace, OpenStore } from '../../../testing/stores.ts';
import { isStoreFault } from '../faults.ts';
import type { Migrations } from '../store.ts';
import { fixtureMigrations as migrations, startWriter, type FixtureTables } from './fixture.ts';

const addTable = (name: string): Migrations => ({
  [name]: {
    async up(db: Kysely<never>) {
      await db.schema.createTable(name.replaceAll('-', '_')).addColumn('id', 'text').execute();
    },
  },
});

export function migrationCases(openStore: OpenStore, newPlace: NewPlace): void {
  it('a database that was opened before keeps its rows and runs no migration twice', async () => {
    const place = await newPlace();
    const first = await openStore({ place, migrations });
    await first.db<FixtureTables>().insertInto('counter').values({ name: 'a', value: 1 }).execute();
    await first.close();
    const second = await openStore({ place, migrations });
    assert.deepEqual(await second.db<FixtureTables>().selectFrom('counter').selectAll().execute(), [
      { name: 'a', value: 1 },
    ]);
  });

  it('a migration that sorts before the ones already applied still runs', async () => {
    const place = await newPlace();
    await (await openStore({ place, migrations: addTable('watchdog-1-x') })).close();
    const both = { ...addTable('gateway-1-x'), ...addTable('watchdog-1-x') };
    const store = await openStore({ place, migrations: both });
    assert.deepEqual(await store.report('select id from gateway_1_x'), []);
  });

  it('a failing migration undoes the ones before it', async () => {
    const place = await newPlace();
    const broken: Migrations = {
      ...addTable('a-1-fine'),
      'b-1-broken': {
        async up() {
          throw new Error('broken migration');
        },
      },
    };
    await assert.rejects(openStore({ place, migrations: broken }), /broken migration/);
    const store = await openStore({ place, migrations: addTable('a-1-fine') });
    assert.deepEqual(await store.report('select id from a_1_fine'), []);
  });

  it('a database from a newer version is refused by name and left as it is', async () => {
    const place = await newPlace();
    await (await openStore({ place, migrations: { ...migrations, ...addTable('zeta-9-future') } })).close();
    await assert.rejects(openStore({ place, migrations }), (thrown) => {
      assert.ok(isStoreFault(thrown, 'store_newer_version'));
      assert.match((thrown as Error).message, /zeta-9-future/);
      return true;
    });
  });

  it('several openings at once, two of them other processes, migrate exactly once', async () => {
    const place = await newPlace();
    const writers = [startWriter(place, 'a', 1), startWriter(place, 'b', 1)];
    const stores = await Promise.all([openStore({ place, migrations }), openStore({ place, migrations })]);
    await Promise.all(writers.map((writer) => writer.reached(1)));
    const rows = await stores[0].db<FixtureTables>().selectFrom('entry').select('id').orderBy('id').execute();
    assert.deepEqual(rows, [{ id: 'a-1' }, { id: 'b-1' }]);
    await Promise.all(writers.map((writer) => writer.ended));
  });

  it('a store opened for reading reads, refuses to write, and refuses an older database', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    await store.db<FixtureTables>().insertInto('counter').values({ name: 'a', value: 1 }).execute();
    const reader = await openStore({ place, migrations, readOnly: true });
    const db = reader.db<FixtureTables>();
    assert.equal((await db.selectFrom('counter').selectAll().execute()).length, 1);
    await assert.rejects(db.insertInto('counter').values({ name: 'b', value: 1 }).execute(), (thrown) =>
      isStoreFault(thrown, 'store_read_only'),
    );
    const newer = { ...migrations, ...addTable('later-1-x') };
    await assert.rejects(openStore({ place, migrations: newer, readOnly: true }), (thrown) =>
      isStoreFault(thrown, 'store_not_migrated'),
    );
  });
}
