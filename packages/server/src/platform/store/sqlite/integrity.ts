import { existsSync, statSync } from 'node:fs';
import { isBusy, isCorrupt, mapSqliteError } from './errors.ts';
import { openSqlite, type SqliteHandle } from './node-sqlite.ts';

/** Files up to this size are read in full (about 1 s for the largest); larger ones as far as `budgetMs` allows. */
const fullCheckBytes = 256 * 1024 * 1024;
const budgetMs = 3_000;
/** SQLITE_IOERR_SHORT_READ: the file ends where a page has to be. */
const shortRead = 522;

/** What is wrong with the file, or null when it is sound, new or empty. Throws a fault when it cannot be opened. */
export function findDamage(path: string): string | null {
  if (!existsSync(path) || statSync(path).size === 0) return null;
  let handle: SqliteHandle | null = null;
  try {
    handle = openSqlite(path, { busyTimeoutMs: 5_000 });
    return statSync(path).size <= fullCheckBytes ? quickCheck(handle, '') : checkTables(handle);
  } catch (thrown) {
    if (!isDamage(thrown) || isBusy(thrown)) throw mapSqliteError(thrown, path);
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    closeQuietly(handle);
  }
}

const isDamage = (thrown: unknown): boolean =>
  isCorrupt(thrown) || (thrown as { errcode?: unknown } | null)?.errcode === shortRead;

function quickCheck(handle: SqliteHandle, of: string): string | null {
  const verdict = handle.value(`PRAGMA quick_check${of}`);
  if (verdict === 'ok') return null;
  return typeof verdict === 'string' ? verdict : 'quick_check gave no answer';
}

/** Table by table until the budget is spent: the start must not wait minutes for a big file. */
function checkTables(handle: SqliteHandle): string | null {
  const deadline = performance.now() + budgetMs;
  const { rows } = handle.run(`SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0`, []);
  for (const row of rows) {
    if (performance.now() >= deadline) return null;
    const name = String(row['name']).replaceAll("'", "''");
    const damage = quickCheck(handle, `('${name}')`);
    if (damage !== null) return damage;
  }
  return null;
}

function closeQuietly(handle: SqliteHandle | null): void {
  try {
    handle?.close();
  } catch {
    // Closing a damaged file tries a last checkpoint, which may fail: what matters was said above.
  }
}
