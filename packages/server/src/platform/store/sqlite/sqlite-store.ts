import { randomUUID } from 'node:crypto';
import { Kysely, type Transaction } from 'kysely';
import type { Log } from '../../../kernel/log.ts';
import { storeFault } from '../faults.ts';
import { appliedMigrations, migrate, refuseNewer } from '../migrate.ts';
import type { Migrations, Store } from '../store.ts';
import { createCommitWatch, type CommitWatch } from './commit-watch.ts';
import { openCore } from './core.ts';
import { createSqliteDialect } from './dialect.ts';

export interface SqliteStoreOptions {
  path: string;
  migrations: Migrations;
  log: Log;
  readOnly?: boolean;
  lockWaitMs?: number;
}

export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, migrations, log, readOnly = false, lockWaitMs = 5_000 } = options;
  let watch: CommitWatch | null = null;
  const core = openCore({ path, readOnly, lockWaitMs, onCommitted: () => watch?.tell() });
  watch = createCommitWatch(
    () => core.writer,
    (thrown) => log.error({ err: thrown }, 'A commit listener failed'),
  );
  const relaxed = new Kysely<never>({ dialect: createSqliteDialect(core, false) });
  const durable = new Kysely<never>({ dialect: createSqliteDialect(core, true) });
  try {
    if (readOnly) await refuseUnmigrated(relaxed, migrations);
    else await durable.transaction().execute((trx) => migrate(trx, migrations));
  } catch (thrown) {
    core.close();
    throw thrown;
  }

  return {
    dialect: 'sqlite',
    instance: randomUUID(),
    quarantined: null,
    db: <Tables>() => relaxed as unknown as Kysely<Tables>,
    transaction: <Tables, R>(work: (trx: Transaction<Tables>) => Promise<R>, how?: { durable?: boolean }) =>
      ((how?.durable ? durable : relaxed) as unknown as Kysely<Tables>).transaction().execute(work),
    report: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      core.guarded(() => core.reader.run(sql, parameters)).rows as Row[],
    backup: () => Promise.reject(storeFault('store_unavailable', 'No backup yet.')),
    onCommit: (changed) => watch.listen(changed),
    async close() {
      watch.stop();
      core.close();
    },
  };
}

async function refuseUnmigrated(db: Kysely<never>, migrations: Migrations): Promise<void> {
  const applied = await appliedMigrations(db);
  refuseNewer(applied, migrations);
  const missing = Object.keys(migrations).filter((name) => !applied.includes(name));
  if (missing.length === 0) return;
  throw storeFault(
    'store_not_migrated',
    'The database is older than this Vigiles; start Vigiles once to bring it up to date.',
    {
      details: { missing },
    },
  );
}
