import type { SqliteHandle } from './node-sqlite.ts';

/** Frames of the write-ahead log that wait for the database file before a checkpoint is worth its fsyncs. */
const worthwhileFrames = 1_000;

/** Moves the log into the file when there is enough of it. Waits for the disk: only for threads that may. */
export function checkpointIfWorthwhile(handle: SqliteHandle): void {
  try {
    const state = handle.run('PRAGMA wal_checkpoint(NOOP)', []).rows[0];
    if (Number(state?.['log']) - Number(state?.['checkpointed']) < worthwhileFrames) return;
    handle.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // Somebody else is at it, or the disk is full: the writer's own checkpoint comes later and says so.
  }
}
