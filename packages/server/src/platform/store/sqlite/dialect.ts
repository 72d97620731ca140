import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Dialect, SelectModifierNode } from 'kysely';
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

class Compiler extends SqliteQueryCompiler {
  /** `FOR UPDATE` and the like: one writer at a time already gives what PostgreSQL needs them for. */
  protected override visitSelectModifier(node: SelectModifierNode): void {
    if (node.modifier === 'Distinct') super.visitSelectModifier(node);
  }
}

export function createSqliteDialect(core: SqliteCore, durable: boolean): Dialect {
  return {
    createDriver: () => createSqliteDriver(core, durable),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}
