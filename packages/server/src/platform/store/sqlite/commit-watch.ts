import type { CommitOrigin } from '../store.ts';
import type { SqliteHandle } from './node-sqlite.ts';

/**
 * Notices commits of other processes: `PRAGMA data_version` on the writing connection changes exactly when
 * somebody else committed (https://sqlite.org/pragma.html#pragma_data_version). Own commits are told directly.
 */
export interface CommitWatch {
  /** Begins with the first listener, stops with the last. */
  listen(changed: (origin: CommitOrigin) => void): () => void;
  /** Tells every listener of an own commit. */
  tell(): void;
  stop(): void;
}

export const pollEveryMs = 20;

export function createCommitWatch(
  handle: () => SqliteHandle,
  onFailure: (thrown: unknown) => void,
): CommitWatch {
  const listeners = new Set<(origin: CommitOrigin) => void>();
  let timer: NodeJS.Timeout | null = null;
  let seen: unknown;

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
  const poll = () => {
    let now: unknown;
    try {
      now = version();
    } catch {
      // Locked or failing for a moment: the next poll sees the same change.
      return;
    }
    if (now === seen) return;
    seen = now;
    tell('remote');
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
  };
  return {
    listen(changed) {
      listeners.add(changed);
      if (!timer) {
        seen = version();
        timer = setInterval(poll, pollEveryMs).unref();
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
