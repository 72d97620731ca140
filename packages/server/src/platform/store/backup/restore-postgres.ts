import { Kysely, PostgresDialect } from 'kysely';
import { storeFault } from '../faults.ts';
import { takeMigrationLock } from '../migrate.ts';
import { describeUrl, kyselyPool, openPool } from '../postgres/pool.ts';
import type { Migrations } from '../store.ts';
import type { BackupHeader } from './format.ts';
import { loadBackup } from './load-backup.ts';

/** Fills an empty PostgreSQL database, in one transaction. */
export async function restorePostgres(work: {
  path: string;
  header: BackupHeader;
  migrations: Migrations;
  url: string;
}): Promise<null> {
  const { path, header, migrations, url } = work;
  const where = describeUrl(url);
  const pool = openPool({ url, readOnly: false, max: 1, onIdleError: () => undefined });
  try {
    const db = new Kysely<never>({ dialect: new PostgresDialect({ pool: kyselyPool(pool, where) }) });
    await db.transaction().execute(async (trx) => {
      await takeMigrationLock(trx);
      const tables = await trx.introspection.getTables({ withInternalKyselyTables: true });
      if (tables.length > 0) {
        throw storeFault('store_not_empty', `${where} already has tables; restore into an empty database.`);
      }
      await loadBackup(trx, 'postgres', path, header, migrations);
    });
    return null;
  } finally {
    await pool.end();
  }
}
