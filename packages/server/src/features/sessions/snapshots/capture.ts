import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git, type GitPlace } from './git.ts';

export interface CaptureLimits {
  maxFileBytes: number;
  maxTotalBytes: number;
  maxFiles: number;
}

/** What was kept of a folder. */
export interface Captured {
  tree: string;
  files: number;
  bytes: number;
  /** Paths that were not kept, with why; at most 100 are named. */
  left: { path: string; why: string }[];
}

/** The folder holds more than is kept. */
export class TooLarge extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooLarge';
  }
}

const MAX_NAMED = 100;
const PARALLEL = 64;
const mb = (bytes: number): string => `${Math.round(bytes / 1e5) / 10} MB`;

/** Paths as git prints them with `-z`. */
export const splitNul = (text: string): string[] => text.split('\0').filter((part) => part !== '');

/** Whether a folder on the way to a path has become a link: what lies behind it is not this folder's. */
function linkFinder(folder: string): (path: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>([['.', Promise.resolve(false)]]);
  const isLink = (at: string): Promise<boolean> => {
    let answer = known.get(at);
    if (answer) return answer;
    answer = isLink(dirname(at)).then(
      async (behind) =>
        behind || (await lstat(join(folder, at)).catch(() => null))?.isSymbolicLink() === true,
    );
    known.set(at, answer);
    return answer;
  };
  return (path) => isLink(dirname(path));
}

async function sizes(folder: string, paths: readonly string[]): Promise<Map<string, number | null>> {
  const found = new Map<string, number | null>();
  const behindLink = linkFinder(folder);
  for (let at = 0; at < paths.length; at += PARALLEL) {
    const some = paths.slice(at, at + PARALLEL);
    const stats = await Promise.allSettled(
      some.map(async (path) => ((await behindLink(path)) ? null : lstat(join(folder, path)))),
    );
    for (const [i, stat] of stats.entries()) {
      const value = stat.status === 'fulfilled' ? stat.value : null;
      const file = value?.isFile() === true || value?.isSymbolicLink() === true;
      found.set(some[i] as string, file ? value.size : null);
    }
  }
  return found;
}

/**
 * Keeps the folder's files as they are now: those git would take, also untracked ones, without what is ignored. Nested
 * repositories are theirs to keep. Only files that changed since the last time are read.
 * @throws TooLarge
 */
export async function capture(place: GitPlace, limits: CaptureLimits): Promise<Captured> {
  const listed = splitNul(await git(place, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']));
  // A nested repository is listed as a folder.
  const paths = [...new Set(listed)].filter((path) => !path.endsWith('/'));
  if (paths.length > limits.maxFiles)
    throw new TooLarge(`The folder has ${paths.length} files; at most ${limits.maxFiles} are kept.`);
  const left: Captured['left'] = [];
  const wanted: string[] = [];
  const gone: string[] = [];
  let bytes = 0;
  for (const [path, size] of await sizes(place.folder, paths)) {
    if (size === null) gone.push(path);
    else if (size > limits.maxFileBytes) {
      gone.push(path);
      if (left.length < MAX_NAMED)
        left.push({ path, why: `${mb(size)}, more than ${mb(limits.maxFileBytes)}` });
    } else {
      wanted.push(path);
      bytes += size;
    }
  }
  if (bytes > limits.maxTotalBytes)
    throw new TooLarge(`The folder holds ${mb(bytes)}; at most ${mb(limits.maxTotalBytes)} are kept.`);
  const nul = (list: readonly string[]): string => list.map((path) => `${path}\0`).join('');
  // First what is gone: a folder may stand now where a file was.
  if (gone.length > 0)
    await git(place, ['update-index', '-z', '--force-remove', '--stdin'], { input: nul(gone) });
  if (wanted.length > 0)
    await git(place, ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'], {
      input: nul(wanted),
    });
  const tree = (await git(place, ['write-tree'])).trim();
  return { tree, files: wanted.length, bytes, left };
}
