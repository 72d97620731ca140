import { mkdirSync, readdirSync, readFileSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** More files or larger ones are a mistake. */
const MAX_FILES = 100;
const MAX_BYTES = 1_048_576;
const SETTLE_MS = 120;
/** Where the system tells nothing (network disks), a look this often does. */
const LOOK_MS = 3000;

export interface UserFile {
  /** `catalogue/mine.yaml`, as people are told. */
  file: string;
  text: string;
}

export const catalogueFolder = (home: string): string => join(home, 'catalogue');

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .sort()
      .slice(0, MAX_FILES);
  } catch {
    return [];
  }
};

/** The files of the catalogue that people wrote, in the order of their names. */
export function readUserFiles(home: string): UserFile[] {
  const folder = catalogueFolder(home);
  return namesIn(folder).flatMap((name) => {
    try {
      const path = join(folder, name);
      const text = statSync(path).size > MAX_BYTES ? '!too-large' : readFileSync(path, 'utf8');
      return [{ file: `catalogue/${name}`, text }];
    } catch {
      // Gone since the folder was read.
      return [];
    }
  });
}

const stampOf = (home: string): string =>
  namesIn(catalogueFolder(home))
    .map((name) => {
      try {
        const { ino, size, mtimeMs } = statSync(join(catalogueFolder(home), name));
        return `${name}:${ino}:${size}:${mtimeMs}`;
      } catch {
        return `${name}:gone`;
      }
    })
    .join('|');

/** Calls when a file of the catalogue comes, goes or changes, also by rename. @returns the end of the watch */
export function watchUserFiles(home: string, changed: () => void): () => void {
  let stamp = stampOf(home);
  let timer: NodeJS.Timeout | null = null;
  const look = (): void => {
    if (timer || stampOf(home) === stamp) return;
    timer = setTimeout(() => {
      timer = null;
      stamp = stampOf(home);
      changed();
    }, SETTLE_MS).unref();
  };
  let watcher: FSWatcher | null = null;
  try {
    mkdirSync(catalogueFolder(home), { recursive: true });
    watcher = watch(catalogueFolder(home), { persistent: false }, look);
    watcher.on('error', () => watcher?.close());
  } catch {
    // No notifications here; the regular look remains.
  }
  const regular = setInterval(look, LOOK_MS).unref();
  return () => {
    watcher?.close();
    clearInterval(regular);
    if (timer) clearTimeout(timer);
  };
}
