import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Kysely } from 'kysely';
import { silentLog } from '../../../kernel/log.ts';
import { startWriter, fixtureMigrations as migrations, type FixtureTables } from './fixture.ts';
import type { NewPlace, OpenStore, StorePlace } from '../../../testing/stores.ts';
import { createEventLog } from '../../event-log/index.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { isStoreFault } from '../faults.ts';
import type { Migrations, Store } from '../store.ts';

const restore = (path: string, place: StorePlace, wanted: Migrations = migrations) =>
  restoreBackup({ path, ...place, migrations: wanted, log: silentLog });

export function backupCases(openStore: OpenStore, newPlace: NewPlace, dialect: Store['dialect']): void {
  it('a backup made while another process writes is one consistent moment', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    const writer = startWriter(place, 'a', 1_000_000);
    await writer.reached(50);
    const path = join(place.home, 'backups', 'now.vigiles');
    const { bytes } = await store.backup(path);
    await writer.reached(writer.acknowledged() + 5);
    writer.kill();
    await writer.ended;
    assert.equal(statSync(path).size, bytes);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(place.home, 'backups')), ['now.vigiles']);

    const target = await newPlace();
    await restore(path, target);
    const restored = await openStore({ place: target, migrations });
    const entries = await restored.db<FixtureTables>().selectFrom('entry').selectAll().orderBy('n').execute();
    assert.ok(entries.length >= 50);
    const events = createEventLog({ store: restored, log: silentLog });
    assert.equal(await events.head(), entries.length);
    const original = await store
      .db<FixtureTables>()
      .selectFrom('entry')
      .selectAll()
      .where('n', '<=', entries.length)
      .orderBy('n')
      .execute();
    assert.deepEqual(entries, original);
    await events.append('system.stopped', { actor: 'test', subject: 'x', data: { reason: 'goes on' } });
    assert.equal(await events.head(), entries.length + 1);
  });

  it('a backup restores into the other database with every value equal', async () => {
    const store = await openStore({ migrations });
    const rows = Array.from({ length: 1_203 }, (_, i) => ({
      id: String(i).padStart(5, '0'),
      writer: `Ünïcode 🛰 \n \u0001 ${i}`,
      n: Number.MAX_SAFE_INTEGER - i,
      note: i % 2 ? null : '',
    }));
    await store.transaction<FixtureTables, void>(async (trx) => {
      for (let i = 0; i < rows.length; i += 200) {
        await trx
          .insertInto('entry')
          .values(rows.slice(i, i + 200))
          .execute();
      }
    });
    const place = await newPlace();
    const path = join(place.home, 'dump');
    await store.backup(path);
    const sqlitePlace = { home: join(place.home, 'sqlite') };
    for (const target of dialect === 'sqlite' ? [sqlitePlace] : [sqlitePlace, place]) {
      const { replaced } = await restore(path, target);
      assert.equal(replaced, null);
      const restored = await openStore({ place: target, migrations });
      assert.deepEqual(
        await restored.db<FixtureTables>().selectFrom('entry').selectAll().orderBy('id').execute(),
        rows,
      );
    }
  });

  it('a backup from before a migration is brought up to date, one from a newer version is refused', async () => {
    const place = await newPlace();
    const later: Migrations = {
      ...migrations,
      'fixture-2-more': {
        async up(db: Kysely<never>) {
          await db.schema
            .alterTable('counter')
            .addColumn('unit', 'text', (column) => column.notNull().defaultTo('pieces'))
            .execute();
        },
      },
    };
    const old = await openStore({ migrations });
    await old.db<FixtureTables>().insertInto('counter').values({ name: 'a', value: 3 }).execute();
    const path = join(place.home, 'old');
    await old.backup(path);
    await restore(path, place, later);
    const store = await openStore({ place, migrations: later });
    assert.deepEqual(await store.report('select * from counter'), [{ name: 'a', value: 3, unit: 'pieces' }]);
    const newer = join(place.home, 'newer');
    await store.backup(newer);
    await assert.rejects(restore(newer, await newPlace()), (thrown) =>
      isStoreFault(thrown, 'store_newer_version'),
    );
  });

  it('a backup that was cut, changed or is none touches nothing', async () => {
    const place = await newPlace();
    const store = await openStore({ migrations });
    await store.db<FixtureTables>().insertInto('counter').values({ name: 'a', value: 1 }).execute();
    const good = join(place.home, 'good');
    await store.backup(good);
    const bad = (name: string) => join(place.home, name);
    copyFileSync(good, bad('cut'));
    truncateSync(bad('cut'), statSync(good).size - 20);
    writeFileSync(
      bad('changed'),
      gzipSync(gunzipSync(readFileSync(good)).toString().replace('["a",1]', '["a",2]')),
    );
    writeFileSync(bad('garbage'), 'not a backup at all');
    writeFileSync(bad('foreign'), gzipSync('{"format":"other"}\n'));
    writeFileSync(bad('empty'), '');
    for (const name of ['cut', 'changed', 'garbage', 'foreign', 'empty', 'missing']) {
      await assert.rejects(
        restore(bad(name), place),
        (thrown) => isStoreFault(thrown, 'store_bad_backup'),
        name,
      );
    }
    const target = await openStore({ place, migrations });
    assert.deepEqual(await target.db<FixtureTables>().selectFrom('counter').selectAll().execute(), []);
  });

  it('what is there is not overwritten: in use or not empty is refused', async () => {
    const place = await newPlace();
    const store = await openStore({ place, migrations });
    const path = join(place.home, 'dump');
    await store.backup(path);
    const code = dialect === 'sqlite' ? 'store_in_use' : 'store_not_empty';
    await assert.rejects(restore(path, place), (thrown) => isStoreFault(thrown, code));
  });
}
