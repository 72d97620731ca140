import type { CommitOrigin } from '../store.ts';
import type { SqliteHandle } from './node-sqlite.ts';
import { createWriteWatch } from './write-watch.ts';

/**
 * Notices commits of other processes: `PRAGMA data_version` on the writing connection changes exactly when
 * somebody else committed (https://sqlite.org/pragma.html#pragma_data_version). Own commits are told directly.
 *
 * It is asked often only while somebody writes into the log of the database: a commit is in there before it can be seen, and a
 * program that nobody needs right now should not wake up fifty times a second.
 */
export interface CommitWatch {
  /** Begins with the first listener, stops with the last. */
  listen(changed: (origin: CommitOrigin) => void): () => void;
  /** Tells every listener of an own commit. */
  tell(): void;
  stop(): void;
}

/** While somebody writes, ms. */
const busyEveryMs = 20;
/** No commit for so long: nobody writes, ms. A slow disk may keep a commit waiting for longer, which the resting look finds. */
const quietAfterMs = 200;

/** @param restEveryMs between looks while nobody writes: should a write not have been told */
export function createCommitWatch(
  handle: () => SqliteHandle,
  onFailure: (thrown: unknown) => void,
  restEveryMs = 250,
): CommitWatch {
  const listeners = new Set<(origin: CommitOrigin) => void>();
  let timer: NodeJS.Timeout | null = null;
  let seen: unknown;
  let changedAt = 0;
  const writes = createWriteWatch(`${handle().path}-wal`, () => {
    changedAt = performance.now();
    again(1);
  });

  const version = () => handle().run('PRAGMA data_version', []).rows[0]?.['data_version'];
  const tell = (origin: CommitOrigin) => {
    for (const listener of listeners) {
      try {
        listener(origin);
      } catch (thrown) {
        onFailure(thrown);
      }
    }
  };
  const look = () => {
    let now: unknown;
    try {
      now = version();
    } catch {
      // Locked or failing for a moment: the next look sees the same change.
      return;
    }
    if (now === seen) return;
    seen = now;
    changedAt = performance.now();
    tell('remote');
  };
  const again = (ms: number) => {
    if (timer) clearTimeout(timer);
    timer = setTimeout(poll, ms).unref();
  };
  const poll = () => {
    // Armed before the look: what is written after it is told.
    const rests = performance.now() - changedAt > quietAfterMs && writes.arm();
    look();
    if (timer) again(rests ? restEveryMs : busyEveryMs);
  };
  const stop = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    writes.stop();
  };
  return {
    listen(changed) {
      listeners.add(changed);
      if (!timer) {
        seen = version();
        changedAt = performance.now();
        again(busyEveryMs);
      }
      return () => {
        listeners.delete(changed);
        if (listeners.size === 0) stop();
      };
    },
    tell: () => tell('local'),
    stop,
  };
}
