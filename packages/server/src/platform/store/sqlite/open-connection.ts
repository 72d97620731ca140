import { openSqlite, type SqliteHandle } from './node-sqlite.ts';

/** Short, because SQLite's own wait blocks the event loop; the long wait is `retryBusy`'s. */
const busyTimeoutMs = 2;

/**
 * What a connection keeps of the file in memory at most, KB; SQLite's own default. One that reads drops all of it with the next
 * commit of another, so that more would be for a single large query, and leave holes in the heap when it is gone.
 */
const pagesKb = 2_000;

/** Opens and sets up one connection. The first ones wait for locks in place: nothing runs yet that could be blocked. */
export function openConnection(path: string, readOnly: boolean, cacheKb = pagesKb): SqliteHandle {
  const handle = openSqlite(path, { readOnly, busyTimeoutMs: 5_000 });
  try {
    if (!readOnly) {
      handle.exec('PRAGMA journal_mode=WAL');
      handle.exec('PRAGMA synchronous=NORMAL');
      // A long reader can hold the log open; afterwards it is cut back to this.
      handle.exec('PRAGMA journal_size_limit=67108864');
      // The background worker does most of it; this ends what continuous writing never lets it end.
      handle.exec('PRAGMA wal_autocheckpoint=16000');
    }
    handle.exec(`PRAGMA cache_size=-${cacheKb}`);
    handle.exec('PRAGMA temp_store=MEMORY');
    // No mmap: a file cut short underneath a mapping is a SIGBUS, not an error we could handle.
    handle.exec('PRAGMA mmap_size=0');
    handle.exec(`PRAGMA busy_timeout=${busyTimeoutMs}`);
    return handle;
  } catch (thrown) {
    handle.close();
    throw thrown;
  }
}
