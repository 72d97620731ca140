import { mkdirSync } from 'node:fs';
import type { Log } from '../../kernel/log.ts';
import { mapFileError } from './faults.ts';
import { isPostgresUrl, sqlitePath } from './place.ts';
import { openSqliteStore } from './sqlite/sqlite-store.ts';
import type { Migrations, NewSchema, Store } from './store.ts';

export interface StoreOptions {
  /** `sqlite:<path>` or `postgres://…`; without it `<home>/vigiles.db`. */
  url?: string;
  /** Home folder: the database, and what was put aside, live here. */
  home: string;
  /** Every feature's migrations. All processes that share a database pass the same ones. */
  migrations: Migrations;
  /** What exactly these make of an empty SQLite file; read only where there is one. */
  newSchema?: () => Promise<NewSchema>;
  log: Log;
  /** Opens an up-to-date database without ever writing to it. */
  readOnly?: boolean;
  /** How long a write waits for the lock before `store_locked`; 5 s unless said otherwise. */
  lockWaitMs?: number;
}

/** Opens the store, checks it and brings its schema up to date. Throws a store fault that says what to do. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { url, home, newSchema, ...rest } = options;
  if (url !== undefined && isPostgresUrl(url)) {
    // Most machines have no PostgreSQL, and its client is large.
    const { openPostgresStore } = await import('./postgres/postgres-store.ts');
    return openPostgresStore({ ...rest, url });
  }
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw mapFileError(thrown, home);
  }
  return openSqliteStore({
    ...rest,
    path: sqlitePath(url, home),
    ...(newSchema ? { newSchema } : {}),
  });
}
