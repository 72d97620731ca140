import { setTimeout as delay } from 'node:timers/promises';
import { mapFileError, storeFault } from '../faults.ts';
import { createPrivate } from './create-private.ts';
import { isBusy, mapSqliteError } from './errors.ts';
import { openSqlite, type SqliteHandle } from './node-sqlite.ts';

/**
 * Says who has the database open. Every open store holds a shared lock on `<path>.lock`; whoever wants to
 * check, move or replace the file takes the exclusive one. The locks are SQLite's own on an empty database, so
 * the kernel frees them when a process dies, however it dies.
 *
 * POSIX locks vanish when the process closes *any* descriptor of the file: never open a database or its lock
 * file with `node:fs` while a store is open.
 */
export interface Presence {
  /** True when nobody else has the database open. Keeps others out until `share` or `close`. */
  tryAlone(): boolean;
  /** Joins the others; waits for somebody who is alone with the file. Throws `store_locked` after `waitMs`. */
  share(waitMs: number): Promise<void>;
  close(): void;
}

export function openPresence(databasePath: string): Presence {
  const path = `${databasePath}.lock`;
  let handle: SqliteHandle;
  try {
    createPrivate(path);
    handle = openSqlite(path, { busyTimeoutMs: 0 });
  } catch (thrown) {
    throw mapFileError(mapSqliteError(thrown, path), path);
  }
  let prepared = false;
  /** Taking the lock must not write a journal: a full disk is when a store most has to be opened and cleared. */
  const prepare = () => {
    // Reads the file, so it has to be tried again, too, while somebody is alone with it.
    if (!prepared) handle.exec('PRAGMA journal_mode=MEMORY');
    prepared = true;
  };
  const attempt = (begin: () => void): boolean => {
    try {
      prepare();
      begin();
      return true;
    } catch (thrown) {
      if (handle.inTransaction) handle.exec('ROLLBACK');
      if (isBusy(thrown)) return false;
      throw mapSqliteError(thrown, path);
    }
  };
  const letGo = () => {
    if (handle.inTransaction) handle.exec('ROLLBACK');
  };
  const tryShare = () =>
    attempt(() => {
      handle.exec('BEGIN');
      // BEGIN alone takes no lock; the first read does.
      handle.value('SELECT count(*) FROM sqlite_schema');
    });
  return {
    tryAlone() {
      letGo();
      return attempt(() => handle.exec('BEGIN EXCLUSIVE'));
    },
    async share(waitMs) {
      letGo();
      const deadline = performance.now() + waitMs;
      while (!tryShare()) {
        if (performance.now() >= deadline) {
          throw storeFault(
            'store_locked',
            `Another process is checking or restoring ${databasePath}; try again.`,
          );
        }
        await delay(10);
      }
    },
    close() {
      letGo();
      handle.close();
    },
  };
}
