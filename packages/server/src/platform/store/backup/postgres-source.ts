import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { appliedMigrations } from '../migrate.ts';
import { batchRows, listTables, orderTables, type BackupSource, type Reference } from './source.ts';

/** Reads our PostgreSQL tables through cursors in one REPEATABLE READ transaction. */
export async function withPostgresSource<R>(
  pool: Pool,
  db: Kysely<never>,
  work: (source: BackupSource) => Promise<R>,
): Promise<R> {
  const client = await pool.connect();
  let broken: Error | null = null;
  try {
    await client.query('begin isolation level repeatable read read only');
    const references = await client.query<Reference>(
      `select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint where contype = 'f'`,
    );
    const result = await work({
      dialect: 'postgres',
      migrations: await appliedMigrations(db),
      tables: orderTables(await listTables(db), references.rows),
      async *rows({ name, columns }) {
        const list = columns.map((column) => `"${column}"`).join(', ');
        await client.query(`declare backup_rows no scroll cursor for select ${list} from "${name}"`);
        for (;;) {
          const { rows } = await client.query<unknown[]>({
            text: `fetch ${batchRows} from backup_rows`,
            rowMode: 'array',
          });
          if (rows.length > 0) yield rows;
          if (rows.length < batchRows) break;
        }
        await client.query('close backup_rows');
      },
    });
    await client.query('commit');
    return result;
  } catch (thrown) {
    // The connection may still be inside the transaction: it is not given back.
    broken = thrown instanceof Error ? thrown : new Error(String(thrown));
    throw thrown;
  } finally {
    client.release(broken ?? false);
  }
}
