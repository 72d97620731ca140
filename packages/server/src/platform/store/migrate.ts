import { sql, type Kysely, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { storeFault } from './faults.ts';
import type { Migrations } from './store.ts';

export const migrationTable = 'vigiles_migration';
export const migrationLockTable = 'vigiles_migration_lock';

interface MigrationTables {
  vigiles_migration: { name: string; timestamp: string };
}

/** Names of the migrations this database has had, sorted; empty for a new database. */
export async function appliedMigrations(db: Kysely<never>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === migrationTable)) return [];
  const rows = await (db as unknown as Kysely<MigrationTables>)
    .selectFrom(migrationTable)
    .select('name')
    .execute();
  return rows.map((row) => row.name).sort();
}

/** Throws `store_newer_version` when the database knows migrations that this program does not. */
export function refuseNewer(applied: readonly string[], migrations: Migrations): void {
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw storeFault(
    'store_newer_version',
    `The database was written by a newer Vigiles (it has ${unknown.join(', ')}). Update Vigiles, or restore an older backup.`,
    { details: { unknown } },
  );
}

/**
 * Brings the database up to date within the given transaction: all migrations or none. The transaction's
 * write lock (SQLite) or advisory lock (PostgreSQL) keeps two starting processes apart.
 */
export async function migrate(trx: Transaction<never>, migrations: Migrations): Promise<void> {
  const applied = new Set(await appliedMigrations(trx));
  refuseNewer([...applied], migrations);
  if (Object.keys(migrations).every((name) => applied.has(name))) return;
  const migrator = new Migrator({
    db: trx,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: migrationTable,
    migrationLockTableName: migrationLockTable,
    // Features interleave: `gateway-2` may arrive after `watchdog-1`.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** Key of the PostgreSQL advisory lock that migrations and restores hold. */
export const migrationLockKey = 7_166_221_001;

export const takeMigrationLock = (trx: Transaction<never>) =>
  sql`select pg_advisory_xact_lock(${sql.lit(migrationLockKey)})`.execute(trx);

/** For those who only read: throws `store_not_migrated` when the database is older than this program. */
export async function refuseUnmigrated(db: Kysely<never>, migrations: Migrations): Promise<void> {
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
