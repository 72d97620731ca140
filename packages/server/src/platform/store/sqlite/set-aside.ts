import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';

/**
 * Moves a database with its log into a folder beside it and returns the new path. Nothing is deleted. The
 * caller is alone with the file. The write-ahead log goes first: left alone, SQLite would replay it into the next
 * database of that name.
 */
export function setAside(path: string, folder: 'quarantine' | 'replaced', nowMs: number): string {
  const directory = join(dirname(path), folder);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const extension = extname(path);
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').replace('.', '-');
  const name = `${basename(path, extension)}-${stamp}`;
  let target = join(directory, name + extension);
  for (let n = 2; existsSync(target); n += 1) target = join(directory, `${name}-${n}${extension}`);
  for (const suffix of ['-wal', '-shm', '-journal', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}
