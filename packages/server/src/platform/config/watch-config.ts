import { realpathSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import type { Configuration } from './configuration.ts';
import { isEmptied, stampsOf, type FileStamps } from './file-stamps.ts';

/** Editors write in several steps; what comes within this time is one change. */
const settleMs = 120;
/** Where the system tells nothing (network disks), a look this often does. */
const lookEveryMs = 3000;

/** The database lies in the same folder, and is written many times a second. */
const STORE_FILE = /\.db(-wal|-shm)?$/;

const isSame = (one: FileStamps, other: FileStamps): boolean =>
  one.config === other.config && one.secrets === other.secrets;

/**
 * Reloads when the file changes, also when an editor replaces it by rename or it is a link to elsewhere, and
 * when a secret changes that it may refer to. What changed since it was read is found at once.
 * @returns the function that ends the watch
 */
export function watchConfig(configuration: Configuration): () => void {
  const { path } = configuration;
  const watchers: FSWatcher[] = [];
  let known = configuration.readAt;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const settle = (patience: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = stampsOf(path);
      if (closed || isSame(now, known)) return;
      // An editor that truncates first leaves an empty or missing file for a moment; it gets more time.
      if (isEmptied(now.config) && patience > 0) return settle(patience - 1);
      known = now;
      void configuration.reload('file');
    }, settleMs);
    timer.unref();
  };
  const look = () => {
    if (!isSame(stampsOf(path), known)) settle(5);
  };

  const folders = new Set([dirname(path)]);
  try {
    folders.add(dirname(realpathSync(path)));
  } catch {
    // A link to nothing: the folder it lies in is watched.
  }
  for (const folder of folders) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || !STORE_FILE.test(name)) look();
      });
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // No notifications here; the regular look remains.
    }
  }
  const regular = setInterval(look, lookEveryMs);
  regular.unref();
  look();

  return () => {
    closed = true;
    clearTimeout(timer);
    clearInterval(regular);
    for (const watcher of watchers) watcher.close();
  };
}
