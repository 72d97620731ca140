import { randomUUID } from 'node:crypto';
import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { Log } from '../../../kernel/log.ts';
import { withPostgresSource } from '../backup/postgres-source.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { migrate, refuseUnmigrated, takeMigrationLock } from '../migrate.ts';
import type { Migrations, Store } from '../store.ts';
import type { RunSql } from '../writer.ts';
import { isStoreFault } from '../faults.ts';
import { mapPostgresError } from './errors.ts';
import { createCommitListener } from './listener.ts';
import { describeUrl, kyselyPool, openPool } from './pool.ts';

export interface PostgresStoreOptions {
  url: string;
  migrations: Migrations;
  log: Log;
  readOnly?: boolean;
  /** Connections kept at most; 10 unless said otherwise. */
  maxConnections?: number;
}

export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, migrations, log, readOnly = false, maxConnections = 10 } = options;
  const where = describeUrl(url);
  const pool = openPool({
    url,
    readOnly,
    max: maxConnections,
    onIdleError: (thrown) =>
      log.warn({ err: thrown, database: where }, 'An idle database connection was lost'),
  });
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool: kyselyPool(pool, where) }) });
  const instance = randomUUID();
  const listener = createCommitListener(url, instance, log);
  let closed = false;
  /** With whoever listens told of the commit, also where its answer may have been lost. */
  const told = async <R>(committed: Promise<R>): Promise<R> => {
    try {
      const result = await committed;
      listener.tell();
      return result;
    } catch (thrown) {
      if (isStoreFault(thrown, 'store_unavailable')) listener.doubt();
      throw thrown;
    }
  };
  try {
    if (readOnly) await refuseUnmigrated(db, migrations);
    else {
      await db.transaction().execute(async (trx) => {
        await takeMigrationLock(trx);
        await migrate(trx, migrations);
      });
    }
  } catch (thrown) {
    await pool.end();
    throw thrown;
  }
  return {
    dialect: 'postgres',
    instance,
    quarantined: null,
    db: <Tables>() => db as unknown as Kysely<Tables>,
    async transaction<Tables, R>(work: (trx: Transaction<Tables>) => Promise<R>) {
      return told((db as unknown as Kysely<Tables>).transaction().execute(work));
    },
    async statements<R>(work: (run: RunSql) => Promise<R>) {
      return told(
        db
          .transaction()
          .execute((trx) =>
            work(
              async (sql, parameters) =>
                (await trx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql, [...parameters])))
                  .rows,
            ),
          ),
      );
    },
    async report<Row>(sql: string, parameters: readonly unknown[] = []) {
      try {
        return (await pool.query(sql, [...parameters])).rows as Row[];
      } catch (thrown) {
        throw mapPostgresError(thrown, where);
      }
    },
    async backup(path) {
      try {
        return await withPostgresSource(pool, db, (source) => writeBackup(source, path));
      } catch (thrown) {
        throw mapPostgresError(thrown, where);
      }
    },
    onCommit: (changed) => listener.listen(changed),
    async close() {
      if (closed) return;
      closed = true;
      await listener.stop();
      await pool.end();
    },
  };
}
