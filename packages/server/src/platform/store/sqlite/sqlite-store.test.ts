import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CompiledQuery } from 'kysely';
import { silentLog, type Log } from '../../../kernel/log.ts';
import { createEventLog } from '../../event-log/index.ts';
import { fixtureMigrations as migrations, type FixtureTables } from '../conformance/fixture.ts';
import { until } from '../conformance/until.ts';
import { createStore, restoreBackup, isStoreFault, type Store, type StoreOptions } from '../index.ts';

const rooms: string[] = [];
const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'vigiles-sqlite-'));
  rooms.push(home);
  return home;
};
const stores: Store[] = [];
const open = async (home: string, more: Partial<StoreOptions> = {}) => {
  const store = await createStore({ home, migrations, log: silentLog, ...more });
  stores.push(store);
  return store;
};
const fill = async (store: Store, count: number) => {
  const note = 'x'.repeat(500);
  await store.transaction<FixtureTables, void>(async (trx) => {
    for (let n = 0; n < count; n += 1) {
      await trx
        .insertInto('entry')
        .values({ id: `e${n}`, writer: 'a', n, note })
        .execute();
    }
  });
};
const file = (home: string) => join(home, 'vigiles.db');

after(async () => {
  for (const store of stores) await store.close();
  for (const home of rooms) rmSync(home, { recursive: true, force: true });
});

describe('a SQLite file', () => {
  it('is private from the start, with its logs and its folder', async () => {
    const home = join(newHome(), 'deep', 'home');
    await fill(await open(home), 1);
    for (const name of readdirSync(home)) {
      assert.equal(statSync(join(home, name)).mode & 0o777, 0o600, name);
    }
    assert.equal(statSync(home).mode & 0o777, 0o700);
  });

  it('can live where the URL says', async () => {
    const home = newHome();
    await open(home, { url: `sqlite:${join(home, 'elsewhere.db')}` });
    assert.ok(existsSync(join(home, 'elsewhere.db')));
    await assert.rejects(open(home, { url: 'mysql://x' }), (thrown) => isStoreFault(thrown, 'store_bad_url'));
  });

  it('keeps its write-ahead log within bounds however much is written while others read (loreai#1221)', async () => {
    const home = newHome();
    const store = await open(home);
    const note = 'x'.repeat(1_000_000);
    let largest = 0;
    for (let n = 0; n < 85; n += 1) {
      await store.transaction<FixtureTables, void>(async (trx) => {
        await trx
          .insertInto('entry')
          .values({ id: `e${n}`, writer: 'a', n, note })
          .execute();
      });
      await store.db<FixtureTables>().selectFrom('entry').select('n').limit(1).execute();
      largest = Math.max(largest, statSync(`${file(home)}-wal`).size);
    }
    assert.ok(largest < 72e6, `${largest} bytes of log for 85 MB`);
    assert.ok(statSync(file(home)).size > 50e6, 'the rest is in the file');
  });

  it('in a place that cannot be is one clear fault that names it', async () => {
    const home = newHome();
    writeFileSync(join(home, 'file'), '');
    for (const place of [{ home: join(home, 'file', 'x') }, { home, url: `sqlite:${home}` }]) {
      await assert.rejects(
        createStore({ ...place, migrations, log: silentLog }),
        (thrown) => isStoreFault(thrown, 'store_unavailable') && (thrown as Error).message.includes(home),
      );
    }
  });

  const damages: Record<string, (path: string) => void> = {
    'full of garbage': (path) => writeFileSync(path, Buffer.alloc(50_000, 'garbage')),
    'cut in its middle': (path) => truncateSync(path, Math.floor(statSync(path).size / 2) + 100),
    'overwritten inside': (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0xab, 4096 * 2, 4096 * 6);
      writeFileSync(path, bytes);
    },
    'a few letters': (path) => writeFileSync(path, 'hello'),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`that is ${what} is put aside, said so, and replaced by a new one`, async () => {
      const home = newHome();
      const first = await open(home);
      await fill(first, 100);
      await first.close();
      damage(file(home));
      const damaged = readFileSync(file(home));
      const said: object[] = [];
      const log: Log = { ...silentLog, error: (fields) => said.push(fields) };
      const store = await open(home, { log });
      const aside = store.quarantined;
      assert.ok(aside?.startsWith(join(home, 'quarantine', 'vigiles-')));
      assert.deepEqual(readFileSync(aside ?? ''), damaged);
      assert.equal((said[0] as { quarantined: string }).quarantined, aside);
      assert.deepEqual(await store.db<FixtureTables>().selectFrom('entry').selectAll().execute(), []);
      await fill(store, 1);
      await store.close();
      assert.equal((await open(home)).quarantined, null);
    });
  }

  it('that is damaged while another store has it open is not moved away under it', async () => {
    const home = newHome();
    const first = await open(home);
    await fill(first, 200);
    const other = await startHolder(file(home), 'shared');
    await first.close();
    writeFileSync(file(home), Buffer.alloc(50_000, 'garbage'));
    await assert.rejects(open(home), (thrown) => isStoreFault(thrown, 'store_corrupt'));
    await other.stop();
    assert.notEqual((await open(home)).quarantined, null);
  });
});

describe('a full disk', () => {
  it('is one clear fault, leaves nothing half-written, and is over when there is room again', async () => {
    const home = newHome();
    const store = await open(home);
    const events = createEventLog({ store, log: silentLog });
    await fill(store, 10);
    const db = store.db<FixtureTables>();
    const limit = async (pages: number) =>
      store.transaction(async (trx) => trx.executeQuery(pragma(`max_page_count=${pages}`)));
    await limit(40);
    const big = 'y'.repeat(30_000);
    await assert.rejects(
      events.transaction<FixtureTables, void>(async (tx) => {
        for (let n = 0; n < 50; n += 1) {
          await tx.db
            .insertInto('entry')
            .values({ id: `big${n}`, writer: 'b', n, note: big })
            .execute();
          tx.append('system.stopped', { actor: 'b', subject: `big${n}`, data: { reason: 'big' } });
        }
      }),
      (thrown) => isStoreFault(thrown, 'store_disk_full'),
    );
    assert.equal((await db.selectFrom('entry').select('id').execute()).length, 10);
    assert.equal(await events.head(), 0);
    // Deleting to make room works, and so do small writes.
    await db.deleteFrom('entry').where('n', '>', 5).execute();
    await limit(1_000_000);
    await events.append('system.stopped', { actor: 'b', subject: 's', data: { reason: 'fits' } });
    assert.equal(await events.head(), 1);
  });

  it('that is caught and ignored inside a transaction still does not commit its rest', async () => {
    const store = await open(newHome());
    await store.transaction(async (trx) => trx.executeQuery(pragma('max_page_count=40')));
    await assert.rejects(
      store.transaction<FixtureTables, void>(async (trx) => {
        const insert = (n: number, note: string) =>
          trx
            .insertInto('entry')
            .values({ id: `e${n}`, writer: 'a', n, note })
            .execute();
        for (let n = 0; n < 50; n += 1) await insert(n, 'y'.repeat(30_000)).catch(() => undefined);
        await insert(99, '');
      }),
    );
    assert.deepEqual(await store.db<FixtureTables>().selectFrom('entry').select('id').execute(), []);
  });
});

describe('a locked file', () => {
  it('is waited for without blocking the event loop, then written', async () => {
    const home = newHome();
    const store = await open(home);
    const holder = await startHolder(file(home), 'immediate');
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1);
    const writing = fill(store, 1);
    await until(() => turns >= 20);
    await holder.stop();
    await writing;
    clearInterval(ticking);
    assert.equal((await store.db<FixtureTables>().selectFrom('entry').select('id').execute()).length, 1);
  });

  it('is one clear fault when nobody lets go, while reads go on', async () => {
    const home = newHome();
    const store = await open(home, { lockWaitMs: 150 });
    const db = store.db<FixtureTables>();
    await fill(store, 1);
    const holder = await startHolder(file(home), 'immediate');
    await assert.rejects(fill(store, 5), (thrown) => isStoreFault(thrown, 'store_locked'));
    await assert.rejects(db.deleteFrom('entry').execute(), (thrown) => isStoreFault(thrown, 'store_locked'));
    assert.equal((await db.selectFrom('entry').select('id').execute()).length, 1);
    await holder.stop();
    await db.deleteFrom('entry').execute();
  });

  it('by a transaction of this process that never ends is a fault that names the likely mistake', async () => {
    const store = await open(newHome(), { lockWaitMs: 100 });
    await assert.rejects(
      store.transaction(async () => fill(store, 1)),
      /has to use the transaction/,
    );
    await fill(store, 1);
  });
});

describe('restoring a SQLite backup', () => {
  it('keeps the database that was there, with what only its log held', async () => {
    const home = newHome();
    const store = await open(home);
    await fill(store, 3);
    const path = join(home, 'dump');
    await store.backup(path);
    await store.db<FixtureTables>().deleteFrom('entry').execute();
    await store.close();
    const { replaced, rows } = await restoreBackup({ path, home, migrations, log: silentLog });
    assert.equal(rows, 4);
    assert.ok(replaced && existsSync(replaced));
    const again = await open(home);
    assert.equal((await again.db<FixtureTables>().selectFrom('entry').select('id').execute()).length, 3);
    const before = await open(home, { url: `sqlite:${replaced}` });
    assert.deepEqual(await before.db<FixtureTables>().selectFrom('entry').select('id').execute(), []);
    assert.deepEqual(
      readdirSync(home).filter((name) => name.includes('restoring')),
      [],
    );
  });

  it('is refused while another process has the database open', async () => {
    const home = newHome();
    const store = await open(home);
    const path = join(home, 'dump');
    await store.backup(path);
    const other = await startHolder(file(home), 'shared');
    await store.close();
    const restore = () => restoreBackup({ path, home, migrations, log: silentLog });
    await assert.rejects(restore(), (thrown) => isStoreFault(thrown, 'store_in_use'));
    await other.stop();
    await restore();
  });
});

function pragma(text: string) {
  return CompiledQuery.raw(`PRAGMA ${text}`);
}

/** A second process that holds the write lock (`immediate`), or has the database announced as open (`shared`). */
async function startHolder(path: string, how: 'immediate' | 'shared'): Promise<{ stop(): Promise<void> }> {
  const begin =
    how === 'immediate'
      ? `new DatabaseSync(path, { timeout: 5000 }).exec('BEGIN IMMEDIATE')`
      : `const db = new DatabaseSync(path + '.lock'); db.exec('BEGIN'); db.prepare('SELECT count(*) FROM sqlite_schema').get()`;
  const program = `const { DatabaseSync } = require('node:sqlite'); const path = process.argv[1]; ${begin};
    console.log('held'); process.stdin.resume()`;
  const child = spawn(process.execPath, ['-e', program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return {
    stop() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
