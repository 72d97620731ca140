import { realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Configuration } from './configuration.ts';

/** Editors write in several steps; what comes within this time is one change. */
const settleMs = 120;
/** Where the system tells nothing (network disks), a look this often does. */
const lookEveryMs = 3000;

/** The database lies in the same folder, and is written many times a second. */
const STORE_FILE = /\.db(-wal|-shm)?$/;

const stampOf = (path: string): string => {
  try {
    const found = statSync(path);
    return `${found.ino}:${found.size}:${found.mtimeMs}`;
  } catch {
    return 'gone';
  }
};

/**
 * Reloads when the file changes, also when an editor replaces it by rename or it is a link to elsewhere, and
 * when a secret changes that it may refer to.
 * @returns the function that ends the watch
 */
export function watchConfig(configuration: Configuration): () => void {
  const { path } = configuration;
  const watchers: FSWatcher[] = [];
  const secretsPath = join(dirname(path), 'secrets.enc');
  let stamp = stampOf(path);
  let secretsStamp = stampOf(secretsPath);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const settle = (patience: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = stampOf(path);
      const secretsNow = stampOf(secretsPath);
      if (closed || (now === stamp && secretsNow === secretsStamp)) return;
      // An editor that truncates first leaves an empty or missing file for a moment; it gets more time.
      const emptied = now === 'gone' || now.split(':')[1] === '0';
      if (emptied && patience > 0) return settle(patience - 1);
      stamp = now;
      secretsStamp = secretsNow;
      void configuration.reload('file');
    }, settleMs);
    timer.unref();
  };
  const look = () => {
    if (stampOf(path) !== stamp || stampOf(secretsPath) !== secretsStamp) settle(5);
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

  return () => {
    closed = true;
    clearTimeout(timer);
    clearInterval(regular);
    for (const watcher of watchers) watcher.close();
  };
}
