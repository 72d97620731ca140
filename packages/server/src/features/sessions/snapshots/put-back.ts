import { lstat, mkdtemp, readdir, realpath, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { git, type GitPlace } from './git.ts';
import type { RestoreChange } from './difference.ts';

/** A file that was left as it is, with why. */
export interface LeftAlone {
  path: string;
  why: string;
}

const there = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Whether the folder of this path is really inside: a link may lead out of it. */
async function isInside(folder: string, path: string): Promise<boolean> {
  const root = await realpath(folder);
  const parent = await realpath(dirname(join(folder, path))).catch(() => null);
  return parent !== null && (parent === root || parent.startsWith(root + sep));
}

/** Whether something that is no folder stands on the way to a path: it was not saved, or it would be gone by now. */
async function isBarred(folder: string, path: string): Promise<boolean> {
  for (let at = dirname(path); at !== '.' && at !== ''; at = dirname(at)) {
    const found = await lstat(join(folder, at)).catch(() => null);
    if (found) return !found.isDirectory();
  }
  return false;
}

/** Folders that have become empty go too, as far as nothing of theirs is left. */
async function removeEmpty(folder: string, path: string): Promise<void> {
  for (let at = dirname(path); at !== '.' && at !== ''; at = dirname(at)) {
    const place = join(folder, at);
    const left = await readdir(place).catch(() => ['?']);
    if (left.length > 0 || relative(folder, place).startsWith('..')) return;
    await rmdir(place).catch(() => undefined);
  }
}

/**
 * Makes these files what they were. Only they are touched: nothing is cleaned, and no index, branch or HEAD of the
 * person's is read or written. What stands in the way and was not saved before stays.
 */
export async function putBack(
  place: GitPlace,
  wanted: string,
  changes: readonly RestoreChange[],
): Promise<{ left: LeftAlone[]; trouble: string | null }> {
  const { folder, gitDir } = place;
  const left: LeftAlone[] = [];
  for (const { path, kind } of changes) {
    if (kind !== 'delete') continue;
    if (!(await isInside(folder, path)))
      left.push({ path, why: 'it lies outside of the folder, behind a link' });
    else
      await unlink(join(folder, path)).catch(({ code }: NodeJS.ErrnoException) => {
        if (code !== 'ENOENT' && code !== 'ENOTDIR')
          left.push({ path, why: `it could not be deleted (${code ?? 'unknown'})` });
      });
  }
  for (const { path, kind } of changes) if (kind === 'delete') await removeEmpty(folder, path);
  const write: string[] = [];
  for (const { path, kind } of changes) {
    if (kind === 'delete') continue;
    // Not in what was saved just now, and yet there: too large to be saved, or ignored since.
    if ((kind === 'recreate' && (await there(join(folder, path)))) || (await isBarred(folder, path)))
      left.push({ path, why: 'another file stands there that could not be saved first' });
    else write.push(path);
  }
  if (write.length === 0) return { left, trouble: null };
  const temporary = await mkdtemp(join(gitDir, 'restore-'));
  try {
    const indexFile = join(temporary, 'index');
    await git(place, ['read-tree', wanted], { indexFile });
    const input = write.map((path) => `${path}\0`).join('');
    const words = ['checkout-index', '--force', '-z', '--stdin'];
    // Some may be written and others not: what is there then is looked at afterwards.
    const trouble = await git(place, words, { indexFile, input }).then(
      () => null,
      (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
    );
    return { left, trouble };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
