import { open, realpath, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { storeFault } from '../faults.ts';

/** Waits for the disk without stopping the event loop. */
export interface DiskSync {
  /** Resolves when everything that was committed before this call is on disk. Raises `store_unavailable` where it is not. */
  reached(): Promise<void>;
  /** Resolves when nobody waits any more. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(): void;
  reject(thrown: unknown): void;
}

/**
 * Puts the write-ahead log of a database on disk, in a thread of the system's pool; the first time its name in the folder as well.
 */
function fileSync(database: string) {
  let file: FileHandle | null = null;
  return {
    async sync(): Promise<void> {
      if (file) return file.datasync();
      // Windows puts only what is open for writing on disk. The log holds none of SQLite's locks: those of the process are lost
      // when any handle of a file that has some is closed.
      // SQLite writes it beside the file itself, wherever a link to it stands.
      const path = `${await realpath(database)}-wal`;
      file = await open(path, 'r+');
      await file.datasync();
      const folder = await open(dirname(path), 'r').catch(() => null);
      await folder?.sync().catch(() => undefined);
      return folder?.close();
    },
    close: () => file?.close(),
  };
}

/**
 * What `synchronous=FULL` does within COMMIT, done after it: the commit is in the write-ahead log, and the log is put on disk while
 * others go on (https://sqlite.org/wal.html#performance_considerations). A checkpoint in between has put both on disk itself.
 * Commits that come while the disk is at work share the next wait. After a power cut the log ends with a whole commit, none
 * before it is missing, and whoever was told of a commit finds it.
 * @param database path of its file, which a connection has open for as long: only so is there a log
 */
export function createDiskSync(database: string, { sync, close } = fileSync(database)): DiskSync {
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await sync();
        for (const { resolve } of group) resolve();
      } catch (thrown) {
        const told = storeFault(
          'store_unavailable',
          `The disk did not take what was written to ${database}.`,
          {
            cause: thrown,
          },
        );
        for (const { reject } of group) reject(told);
      }
    }
    running = null;
  };
  return {
    reached: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        running ??= run();
      }),
    async close() {
      await running;
      await close();
    },
  };
}
