import { watch, type FSWatcher } from 'node:fs';

/** Tells that something writes into a file, once for each time it is armed: a busy file costs no more than one word. */
export interface WriteWatch {
  /**
   * Waits for the next write.
   * @returns false where nothing will be told: the file is not there, or this system tells of nothing
   */
  arm(): boolean;
  stop(): void;
}

/** Only inotify is known to tell of every write (https://man7.org/linux/man-pages/man7/inotify.7.html). */
const tellsOfWrites = process.platform === 'linux';

export function createWriteWatch(path: string, written: () => void): WriteWatch {
  let watcher: FSWatcher | null = null;
  const stop = () => {
    watcher?.close();
    watcher = null;
  };
  const once = () => {
    if (!watcher) return;
    stop();
    written();
  };
  return {
    arm() {
      if (!tellsOfWrites) return false;
      if (watcher) return true;
      try {
        watcher = watch(path, { persistent: false }, once);
        watcher.on('error', once);
      } catch {
        // Not there, or this user watches as many files as allowed.
        return false;
      }
      return true;
    },
    stop,
  };
}
