import { createHash } from 'node:crypto';
import { chmod, mkdir, lstat, readFile, rename, rm, writeFile, open as openFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file as it was, kept below Vigiles' home: copies may hold tokens, so they never go into the database. */
export interface Keepsake {
  path: string;
  /** Where the copy lies; null: there was no file. */
  copy: string | null;
  mode: number;
  sha256: string | null;
}

/** Larger files are not what an action puts right. */
const maxBytes = 16 * 1024 * 1024;

const folderOf = (home: string, runId: string) => join(home, 'snapshots', basename(runId));

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isMissing = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code === 'ENOENT';

/** Bytes of a regular file; null: there is none. Throws for links, devices, folders and what is larger than 16 MB. */
export async function readPlainFile(path: string): Promise<{ bytes: Buffer; mode: number } | null> {
  let stat;
  try {
    stat = await lstat(path);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
  if (!stat.isFile()) throw new Error(`${path} is not a plain file`);
  if (stat.size > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1024 / 1024} MB`);
  return { bytes: await readFile(path), mode: stat.mode & 0o777 };
}

/** Replaces a file in one step, with exactly this mode. */
export async function replacePlainFile(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.vigiles-${process.pid}.tmp`);
  const file = await openFile(temporary, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.chmod(mode);
    await file.sync();
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Keeps a file byte for byte, with its mode. */
export async function keepFile(home: string, runId: string, path: string): Promise<Keepsake> {
  const found = await readPlainFile(path);
  if (!found) return { path, copy: null, mode: 0o600, sha256: null };
  const folder = folderOf(home, runId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, basename(path));
  await writeFile(copy, found.bytes, { mode: 0o600, flush: true });
  await chmod(copy, 0o600);
  return { path, copy, mode: found.mode, sha256: sha256Of(found.bytes) };
}

/** Puts a file back as it was kept; where there was none, none is left. */
export async function restoreFile({ path, copy, mode }: Keepsake): Promise<void> {
  if (copy === null) return rm(path, { force: true });
  await replacePlainFile(path, await readFile(copy), mode);
}

/** Whether a file is byte for byte what was kept. */
export async function isRestored({ path, sha256 }: Keepsake): Promise<boolean> {
  const found = await readPlainFile(path);
  return sha256 === null ? found === null : found !== null && sha256Of(found.bytes) === sha256;
}

/** Forgets the copies of a run. */
export const dropKeepsakes = (home: string, runId: string): Promise<void> =>
  rm(folderOf(home, runId), { recursive: true, force: true });
