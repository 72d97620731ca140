import { Kysely, type Transaction } from 'kysely';
import { openCore } from './core.ts';
import { createPrivate } from './create-private.ts';
import { createSqliteDialect } from './dialect.ts';

/** Makes a new database file (0600) with one durable transaction. The caller knows that nobody else uses `path`. */
export async function fillSqliteFile(
  path: string,
  fill: (trx: Transaction<never>) => Promise<void>,
): Promise<void> {
  createPrivate(path);
  const core = openCore({ path, readOnly: false, lockWaitMs: 1_000, onCommitted: () => undefined });
  try {
    const db = new Kysely<never>({ dialect: createSqliteDialect(core, true) });
    await db.transaction().execute(fill);
  } finally {
    // The last connection to close folds the log into the file.
    await core.close();
  }
}
