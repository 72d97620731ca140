import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { appliedMigrations } from '../migrate.ts';
import { openConnection } from '../sqlite/open-connection.ts';
import { batchRows, listTables, orderTables, type BackupSource, type Reference } from './source.ts';

/** Reads a SQLite file on a connection of its own, whose read transaction is the consistent moment. */
export async function withSqliteSource<R>(
  path: string,
  db: Kysely<never>,
  work: (source: BackupSource) => Promise<R>,
): Promise<R> {
  const handle = openConnection(path, true);
  try {
    handle.exec('BEGIN');
    const references = handle.run(
      `SELECT m.name AS "from", f."table" AS "to" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
        WHERE m.type = 'table'`,
      [],
    ).rows as unknown as Reference[];
    return await work({
      dialect: 'sqlite',
      migrations: await appliedMigrations(db),
      tables: orderTables(await listTables(db), references),
      async *rows({ name, columns }) {
        let batch: unknown[][] = [];
        const list = columns.map((column) => `"${column}"`).join(', ');
        for (const row of handle.iterate(`SELECT ${list} FROM "${name}"`, [])) {
          batch.push(columns.map((column) => row[column]));
          if (batch.length < batchRows) continue;
          yield batch;
          batch = [];
          await breathe();
        }
        if (batch.length > 0) yield batch;
      },
    });
  } finally {
    handle.close();
  }
}
