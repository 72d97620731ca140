import { isPostgresUrl, sqlitePath } from './place.ts';
import { openSqliteWriter } from './sqlite/sqlite-writer.ts';
import type { Store } from './store.ts';

/** Runs one statement inside a transaction; placeholders are the dialect's own (`?` or `$1`). Resolves with its rows. */
export type RunSql = (
  sql: string,
  parameters: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

/**
 * A store that only writes, in durable transactions one after the other, on one connection: for threads that should
 * hold little. Knows no Kysely and no migrations, and does not say that the database is in use: the process that
 * starts the thread has it open as a `Store` for as long.
 */
export interface StoreWriter {
  readonly dialect: Store['dialect'];
  /** As `Store.instance`. */
  readonly instance: string;
  /** One durable transaction; rolls back when `work` throws. Not to be called again before it has resolved. */
  transaction<R>(work: (run: RunSql) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** Opens a writer on a database that is up to date. @param place as in `StoreOptions` */
export async function openWriter(place: { home: string; url?: string }): Promise<StoreWriter> {
  const { home, url } = place;
  if (url === undefined || !isPostgresUrl(url)) return openSqliteWriter(sqlitePath(url, home));
  const { openPostgresWriter } = await import('./postgres/postgres-writer.ts');
  return openPostgresWriter(url);
}
