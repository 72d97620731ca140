import { basename, dirname, join } from 'node:path';
import { inodeOf, type FollowFiles, type OpenFile } from './follow-files.ts';
import {
  generationOf,
  hasContent,
  markExisting,
  placeInCopy,
  type Generation,
  type Mark,
} from './generation.ts';
import { isCompressedContent, isCompressedName, isRotatedName, rotationNumber } from './rotated-names.ts';

/** Rotated files of one log that are done. */
export type KnownFiles = Map<string, Pick<Mark, 'head' | 'tail' | 'offset'>>;

/** As many rotated files are looked at, the newest; more are not kept by anybody who follows them. */
const mostKnown = 32;

export function remember(known: KnownFiles, mark: Mark): void {
  known.delete(mark.inode);
  known.set(mark.inode, { head: mark.head, tail: mark.tail, offset: mark.offset });
  for (const oldest of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(oldest);
  }
}

interface Sibling {
  path: string;
  inode: string;
  size: number;
  changedNs: bigint;
}

/** The rotated files of a log that can be read, oldest first; `gone`: one of the names led nowhere a moment later. */
async function siblingsOf(files: FollowFiles, path: string): Promise<{ siblings: Sibling[]; gone: boolean }> {
  const base = basename(path);
  const folder = dirname(path);
  const names = await files.names(folder).catch((): string[] => []);
  const found: Sibling[] = [];
  let gone = false;
  for (const name of names) {
    if (isCompressedName(name) || !isRotatedName(base, name)) continue;
    const stats = await files.stat(join(folder, name)).catch(() => null);
    if (!stats) gone = true;
    if (!stats?.isFile()) continue;
    found.push({
      path: join(folder, name),
      inode: inodeOf(stats),
      size: Number(stats.size),
      changedNs: stats.mtimeNs,
    });
  }
  const byNumber = (a: Sibling, b: Sibling) => rotationNumber(b.path) - rotationNumber(a.path);
  const siblings = found
    .sort((a, b) => Number(a.changedNs - b.changedNs) || byNumber(a, b) || (a.path < b.path ? -1 : 1))
    .slice(-mostKnown);
  return { siblings, gone };
}

/** Takes rotated files for done that were last written before our watch began (at `untilNs`, UTC). */
export async function rememberAll(
  files: FollowFiles,
  path: string,
  known: KnownFiles,
  untilNs: bigint | null,
): Promise<void> {
  for (const sibling of (await siblingsOf(files, path)).siblings) {
    if (untilNs !== null && sibling.changedNs > untilNs) continue;
    const handle = await files.open(sibling.path).catch(() => null);
    if (!handle) continue;
    try {
      remember(known, { inode: sibling.inode, ...(await markExisting(handle, sibling.size)) });
    } finally {
      await handle.close();
    }
  }
}

const whereabouts = (siblings: readonly Sibling[]): string =>
  siblings
    .map((sibling) => `${sibling.path} ${sibling.inode}`)
    .sort()
    .join('\n');

export interface Search {
  /** Files that are open already. A copy of one may be there before it is emptied: until then nothing in it is new. */
  held: readonly Generation[];
  known: KnownFiles;
  /** Where a file ended that is gone or was emptied: what goes on there is sought. */
  before: (Mark & Partial<Generation>) | null;
  now: number;
}

export interface Found {
  /** Opened, oldest first. */
  unread: Generation[];
  /** `before` was found. */
  continued: boolean;
  /** There are copies of files that are open, or files without content yet: to be looked at again. */
  undecided: boolean;
  /** Names changed while they were looked through: something may have been missed. */
  moved: boolean;
}

/**
 * The rotated files with something unread in them: the one that goes on where `before` ended (moved away, or copied before it
 * was emptied), and files that came and went between two looks.
 */
export async function unreadSiblings(
  files: FollowFiles,
  path: string,
  { held, known, before, now }: Search,
): Promise<Found> {
  const unread: Generation[] = [];
  let sought = before;
  let undecided = false;
  let moved = false;
  const { siblings, gone } = await siblingsOf(files, path);
  moved = gone;
  for (const sibling of siblings) {
    // A file that is renamed meanwhile may turn up under two names.
    if ([...held, ...unread].some(({ inode }) => inode === sibling.inode)) continue;
    const handle = await files.open(sibling.path).catch((thrown: unknown) => {
      if ((thrown as { code?: string }).code === 'ENOENT') moved = true;
      return null;
    });
    if (!handle) continue;
    const keep = await examine(handle, sibling);
    if (!keep) await handle.close();
  }
  // A file may have passed from a name that was not looked at yet to one that had been.
  if (!moved) moved = whereabouts((await siblingsOf(files, path)).siblings) !== whereabouts(siblings);
  return { unread, continued: before !== null && sought === null, undecided, moved };

  async function isCopyOfAny(copy: OpenFile, size: number): Promise<boolean> {
    for (const file of held) if (await isCopyOf(copy, size, file)) return true;
    return false;
  }

  async function examine(handle: OpenFile, sibling: Sibling): Promise<boolean> {
    const stats = await handle.stat({ bigint: true });
    if (inodeOf(stats) !== sibling.inode) {
      moved = true;
      return false;
    }
    const size = Number(stats.size);
    const seen = known.get(sibling.inode);
    // The same inode with other content is another file: the system has given the number away again.
    const done = seen && size >= seen.offset && (await hasContent(handle, seen)) ? seen : null;
    if (done?.offset === size && size > 0) return false;
    const first = await markExisting(handle, Math.min(size, 256));
    if (isCompressedContent(first.head)) {
      remember(known, { inode: sibling.inode, ...first, offset: size });
      return false;
    }
    const place = sought && sought.offset > 0 ? await placeInCopy(handle, size, sought) : null;
    if (!sought || place === null) {
      if (size === 0 || (await isCopyOfAny(handle, size))) {
        undecided = true;
        return false;
      }
      unread.push(generationOf(handle, stats, now, done ? { ...done, skipping: false } : undefined));
      return true;
    }
    const mark = { ...(await markExisting(handle, place)), skipping: place < size && sought.skipping };
    sought = null;
    unread.push(generationOf(handle, stats, now, mark));
    return true;
  }
}

/** Whether a file holds what another, open file holds now, as far as either goes. */
async function isCopyOf(copy: OpenFile, size: number, live: Generation): Promise<boolean> {
  if (live.offset > 0) return (await placeInCopy(copy, size, live)) !== null;
  const now = Number((await live.handle.stat({ bigint: true })).size);
  const length = Math.min(size, now, 256);
  if (length === 0) return false;
  const [ours, theirs] = [await markExisting(live.handle, length), await markExisting(copy, length)];
  return ours.head.equals(theirs.head);
}
