import { storeFault } from '../faults.ts';
import { createDiskSync, type DiskSync } from './disk-sync.ts';
import { isFull, mapSqliteError } from './errors.ts';
import type { SqliteHandle } from './node-sqlite.ts';
import { openConnection } from './open-connection.ts';
import { retryBusy } from './retry-busy.ts';
import { createWriteLock, type WriteLock } from './write-lock.ts';

export interface CoreOptions {
  path: string;
  readOnly: boolean;
  /** For a thread that only writes: no second connection for reading, and a durable COMMIT itself waits for the disk. */
  writeOnly?: boolean;
  /** Instead of the file's own. */
  disk?: DiskSync;
  /** How long a write waits, for this process and for others together, before `store_locked`. */
  lockWaitMs: number;
  /** Called after every commit made through this core. */
  onCommitted(): void;
}

/** The open file: one connection that writes and one that only reads committed data. */
export interface SqliteCore {
  readonly path: string;
  readonly reader: SqliteHandle;
  readonly writer: SqliteHandle;
  /** BEGIN IMMEDIATE under the process's write lock; resolves with what ends the transaction. */
  begin(durable: boolean): Promise<Ending>;
  /** One statement in a transaction of its own. */
  write(sql: string, parameters: readonly unknown[]): Promise<ReturnType<SqliteHandle['run']>>;
  /** Runs something on a connection with errors mapped to faults. */
  guarded<T>(work: () => T): T;
  /** Resolves when nobody waits for the disk any more. */
  close(): Promise<void>;
}

export interface Ending {
  /** Others may begin before it resolves: from then on it waits for the disk, where it is to be durable. */
  commit(): Promise<void>;
  rollback(): void;
}

export function openCore(options: CoreOptions): SqliteCore {
  const { path, readOnly, writeOnly = false, lockWaitMs } = options;
  const writer = openConnection(path, readOnly);
  const reader = readOnly || writeOnly ? writer : openConnection(path, true);
  const lock: WriteLock = createWriteLock();
  const disk = writeOnly ? null : (options.disk ?? createDiskSync(path));
  let full = false;
  let closed = false;

  let wasFull = false;
  /** With no room to grow, a log that starts again from its beginning is the room in which to delete something. */
  const rewindLog = () => {
    if (!wasFull || closed || writer.inTransaction) return;
    wasFull = false;
    try {
      writer.exec('PRAGMA wal_checkpoint(RESTART)');
    } catch {
      // Not even that fits: the next write says so.
    }
  };
  const mapped = (thrown: unknown): unknown => {
    wasFull ||= isFull(thrown);
    return mapSqliteError(thrown, path);
  };
  const guarded = <T>(work: () => T): T => {
    if (closed) throw storeFault('store_closed', 'The store is closed.');
    try {
      return work();
    } catch (thrown) {
      throw mapped(thrown);
    }
  };
  const setDurable = (durable: boolean) => {
    if (durable === full) return;
    // Takes effect while it is prepared, so it must never come from the statement cache.
    writer.exec(`PRAGMA synchronous=${durable ? 'FULL' : 'NORMAL'}`);
    full = durable;
  };
  const locked = async (): Promise<{ release: () => void; deadline: number }> => {
    if (readOnly) throw storeFault('store_read_only', `${path} was opened for reading only.`);
    const deadline = performance.now() + lockWaitMs;
    const release = await lock.acquire(lockWaitMs);
    rewindLog();
    return { release, deadline };
  };
  const busyRetried = async <T>(work: () => T, deadline: number): Promise<T> => {
    try {
      return await retryBusy(() => {
        if (closed) throw storeFault('store_closed', 'The store is closed.');
        return work();
      }, deadline);
    } catch (thrown) {
      throw mapped(thrown);
    }
  };

  return {
    path,
    reader,
    writer,
    guarded,
    async begin(durable) {
      const { release, deadline } = await locked();
      try {
        await busyRetried(() => {
          setDurable(durable && !disk);
          writer.run('BEGIN IMMEDIATE', []);
        }, deadline);
      } catch (thrown) {
        release();
        throw thrown;
      }
      // Whoever waits for the disk has nothing left to roll back: the open transaction is somebody else's.
      let committed = false;
      return {
        async commit() {
          await busyRetried(() => writer.run('COMMIT', []), deadline);
          committed = true;
          release();
          options.onCommitted();
          if (durable) await disk?.reached();
        },
        rollback() {
          if (committed) return;
          try {
            // SQLite has already rolled back by itself after a full disk or an I/O error.
            if (!closed && writer.inTransaction) writer.exec('ROLLBACK');
          } finally {
            release();
          }
        },
      };
    },
    async write(sql, parameters) {
      const { release, deadline } = await locked();
      try {
        const result = await busyRetried(() => {
          setDurable(false);
          return writer.run(sql, parameters);
        }, deadline);
        options.onCommitted();
        return result;
      } finally {
        release();
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      if (reader !== writer) reader.close();
      writer.close();
      await disk?.close();
    },
  };
}
