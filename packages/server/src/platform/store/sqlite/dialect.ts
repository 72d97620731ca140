import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Dialect } from 'kysely';
import type { SqliteCore } from './core.ts';
import { createSqliteDriver } from './driver.ts';

class Adapter extends SqliteAdapter {
  /** Our driver does the waiting, so Kysely must not queue reads behind an open transaction. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
  /** SQLite rolls DDL back like anything else; migrations run in one transaction. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export function createSqliteDialect(core: SqliteCore, durable: boolean): Dialect {
  return {
    createDriver: () => createSqliteDriver(core, durable),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
