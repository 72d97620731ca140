import { mkdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { fault, FaultError } from '../../../kernel/fault.ts';
import { readSmallFile } from '../../../platform/files/open-file.ts';
import { writeAtomic } from '../../../platform/files/write-atomic.ts';

const mostBytes = 2 << 20;

/** What stands in a page's file; null: there is none. Raises `notion_file_unreadable`. */
export async function readPageFile(folder: string, file: string): Promise<string | null> {
  try {
    return await readSmallFile(join(folder, file), mostBytes);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FaultError(fault('invalid', 'notion_file_unreadable', `${file} cannot be read: ${why}`));
  }
}

/**
 * Replaces a page's file, if it still says what it said when it was looked at. Raises `notion_file_changed`: somebody is writing
 * in it right now, and the next look sees what.
 */
export async function writePageFile(
  folder: string,
  file: string,
  seen: string | null,
  text: string,
): Promise<void> {
  if ((await readPageFile(folder, file)) !== seen)
    throw new FaultError(fault('conflict', 'notion_file_changed', `${file} changed while it was looked at.`));
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeAtomic(path, text, 0o600);
}

/** Keeps a version beside the file under a name that says what it is. @returns that name */
export async function keepBeside(folder: string, file: string, text: string, now: number): Promise<string> {
  const { dir, name, ext } = parse(file);
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-');
  const beside = join(dir, `${name}.local-${stamp}${ext}`);
  await writeAtomic(join(folder, beside), text, 0o600);
  return beside;
}

const keyFile = '.vigiles-notion';

/**
 * What a folder is known by, wherever it lies: a word in a file of its own, made where there is none. Two machines on one
 * database have two folders, and what one of them has seen says nothing of the files of the other.
 */
export async function folderKey(folder: string, newId: (prefix: string) => string): Promise<string> {
  const kept = (await readPageFile(folder, keyFile))?.trim() ?? '';
  if (/^nfo_[\w-]{8,60}$/.test(kept)) return kept;
  const made = newId('nfo');
  await mkdir(folder, { recursive: true });
  await writeAtomic(join(folder, keyFile), `${made}\n`, 0o600);
  return made;
}
