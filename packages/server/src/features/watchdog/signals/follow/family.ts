import type { BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { inodeOf, type FollowFiles } from './follow-files.ts';
import type {
  FollowNotice,
  FollowSource,
  FollowedFile,
  FollowerDeps,
  SavedPosition,
} from './follower-types.ts';
import {
  endOfLines,
  generationOf,
  hasContent,
  markExisting,
  restartGeneration,
  type Generation,
  type Mark,
} from './generation.ts';
import { readLines, readUnfinished, type HandOn } from './read-lines.ts';
import { remember, rememberAll, unreadSiblings, type KnownFiles, type Search } from './siblings.ts';

/** More rotated files than this are not held open at once; the oldest is closed. */
const mostOlder = 8;
const mostRounds = 8;
/** Longer than a file system's clock stands still. */
const tickNs = 100_000_000n;

const codeOf = (thrown: unknown): string => (thrown as { code?: string }).code ?? 'error';

const saved = (
  role: SavedPosition['role'],
  path: string,
  mark?: Omit<Mark, 'skipping'> & Partial<Mark>,
): SavedPosition => ({
  role,
  path,
  inode: mark?.inode ?? '',
  offset: mark?.offset ?? 0,
  head: mark?.head.toString('base64') ?? '',
  tail: mark?.tail.toString('base64') ?? '',
  skipping: mark?.skipping ?? false,
});

const markOf = (position: SavedPosition): Mark => ({
  inode: position.inode,
  offset: position.offset,
  head: Buffer.from(position.head, 'base64'),
  tail: Buffer.from(position.tail, 'base64'),
  skipping: position.skipping,
});

export interface FamilyDeps extends Pick<FollowerDeps, 'log' | 'clock' | 'onLines'> {
  files: FollowFiles;
  closeAfterMs: number;
  notice(notice: FollowNotice): void;
}

/** One log: the live file of a name, and what rotation made of it. Calls must not overlap. */
export function createFamily(path: string, deps: FamilyDeps) {
  const { log, clock, files, closeAfterMs } = deps;
  const known: KnownFiles = new Map();
  let live: Generation | null = null;
  /** Oldest first. */
  const older: Generation[] = [];
  let readable = true;
  /** Where the live file ended in the run before; looked for once. */
  let lost: Mark | null = null;
  /** Rotated files were looked through for what came and went before the first look. */
  let searched = false;
  /** The file as it stood when we began and could not read it: what it held then does not count. */
  let unseen: BigIntStats | null = null;
  let folderChanged: bigint | null = null;
  /** Rotated files of which it is not clear yet whether they hold anything of their own. */
  let undecided = false;

  const handOn: HandOn = async (block) => {
    if (block.cut)
      deps.notice({ path, kind: 'line_cut', detail: 'A line is longer than 64 KB: its rest is left out' });
    try {
      await deps.onLines({ path, ...block });
    } catch (thrown) {
      log.error({ err: thrown, path }, 'Lines of a log could not be taken');
    }
  };
  const read = (file: Generation) => readLines(file, handOn, () => clock.monotonic());

  async function close(file: Generation): Promise<void> {
    await file.handle.close().catch(() => undefined);
  }

  /** Opens the file of our name; null when there is none, or it may not be read. */
  async function open(): Promise<Generation | null> {
    try {
      const handle = await files.open(path);
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) {
        await handle.close();
        throw Object.assign(new Error('is no file'), { code: 'ENOTFILE' });
      }
      if (!readable) deps.notice({ path, kind: 'readable', detail: 'It can be read again' });
      readable = true;
      return generationOf(handle, stats, clock.monotonic());
    } catch (thrown) {
      const code = codeOf(thrown);
      if (code !== 'ENOENT' && readable) {
        readable = false;
        deps.notice({
          path,
          kind: 'unreadable',
          detail: `It cannot be read (${code}); tried again and again`,
        });
      }
      return null;
    }
  }

  /** Reads rotated files to their end; those nobody writes to any more are closed. */
  async function readOlder(): Promise<void> {
    // What is found meanwhile comes behind.
    for (let at = 0; at < older.length; at += 1) {
      const file = older[at];
      if (!file) continue;
      if ((await read(file)) === 'rewritten') {
        await searchFor(emptiedMark(file));
        await read(file);
      }
      const crowded = older.length - at > mostOlder;
      if (!crowded && clock.monotonic() - file.grewAt < closeAfterMs) continue;
      await readUnfinished(file, handOn);
      remember(known, file);
      await close(file);
      older.splice(at, 1);
      at -= 1;
    }
  }

  const searchNow = (): Omit<Search, 'before'> => ({
    held: [...older, ...(live ? [live] : [])],
    known,
    now: clock.monotonic(),
  });

  /** Whether files came, went or were renamed beside ours since the last search. */
  async function besideChanged(): Promise<boolean> {
    const changed = await files.stat(dirname(path)).then(
      ({ mtimeNs }) => mtimeNs,
      () => null,
    );
    const news = undecided || changed !== folderChanged;
    // Times of folders are coarse: within the same tick another change may follow.
    const fresh = changed !== null && BigInt(clock.now()) * 1_000_000n - changed < tickNs;
    folderChanged = fresh ? null : changed;
    return news;
  }

  /** Opens rotated files with something unread in them. Whether one goes on where `before` ended. */
  async function searchFor(before: Mark | null): Promise<boolean> {
    let sought = before;
    // Names move on while they are looked through: then once more, until they stand still.
    for (let round = 0; round < mostRounds; round += 1) {
      const found = await unreadSiblings(files, path, { ...searchNow(), before: sought });
      older.push(...found.unread);
      undecided = found.undecided || found.moved;
      if (found.continued) sought = null;
      if (!found.moved) break;
    }
    return before !== null && sought === null;
  }

  async function addUnread(before: Mark | null): Promise<boolean> {
    const continued = await searchFor(before);
    await readOlder();
    return continued;
  }

  /** Begins a file anew that was emptied. What it was. */
  function emptiedMark(file: Generation): Generation {
    const before = { ...file };
    restartGeneration(file);
    return before;
  }

  /** What stands before `size` does not count: reading begins at the last line break before it. */
  async function skipTo(file: Generation, size: number): Promise<void> {
    Object.assign(file, await markExisting(file.handle, await endOfLines(file.handle, size)));
  }

  /** A file without any name left takes room on the disk for as long as we hold it. */
  async function letGo(file: Generation): Promise<void> {
    if (clock.monotonic() - file.grewAt < closeAfterMs) return;
    const { nlink } = await file.handle.stat({ bigint: true });
    if (nlink > 0n) return;
    await readUnfinished(file, handOn);
    await close(file);
    live = null;
  }

  /** The live file was emptied: what it held may lie in a copy. */
  async function emptied(file: Generation): Promise<void> {
    const before = emptiedMark(file);
    const continued = await addUnread(before);
    const detail = continued
      ? 'It was copied and emptied; the copy was read to its end'
      : `It was emptied after ${before.offset} bytes were read; lines written between the last look and then are not known`;
    deps.notice({ path, kind: 'truncated', detail });
  }

  async function readLive(file: Generation): Promise<void> {
    // Emptied again while its copy was read: then once more at the next look.
    if ((await read(file)) === 'end') return;
    await emptied(file);
    await read(file);
  }

  return {
    path,

    /**
     * Opens what is there. Nothing is handed on yet.
     * @param sinceNs UTC, when this log turned up later than its follower: since when everything counts
     */
    async begin(
      from: FollowSource['from'],
      positions: readonly SavedPosition[],
      sinceNs: bigint | null,
    ): Promise<void> {
      const ours = positions.filter((position) => position.path === path);
      if (ours.length === 0) {
        await rememberAll(files, path, known, sinceNs);
        searched = sinceNs === null;
        if (from === 'start') return;
        live = await open();
        if (live) await skipTo(live, Number((await live.handle.stat({ bigint: true })).size));
        else if (!readable) unseen = await files.stat(path).catch(() => null);
        return;
      }
      for (const position of ours) if (position.role === 'known') remember(known, markOf(position));
      const last = ours.find(({ role }) => role === 'live');
      if (last) {
        const mark = markOf(last);
        const now = await open();
        const size = now ? Number((await now.handle.stat({ bigint: true })).size) : 0;
        const same =
          now !== null &&
          now.inode === mark.inode &&
          size >= mark.offset &&
          (await hasContent(now.handle, mark));
        if (same) live = { ...now, ...mark };
        else {
          if (now) await close(now);
          lost = mark;
        }
      }
      for (const position of ours) {
        if (position.role !== 'older') continue;
        const mark = markOf(position);
        const search: Search = { ...searchNow(), known: new Map(), before: mark };
        const { unread } = await unreadSiblings(files, path, search);
        for (const file of unread) {
          if (file.inode === mark.inode && file.offset === mark.offset) older.push(file);
          else await close(file);
        }
      }
    },

    /** Looks once at all its files and hands on what is new. */
    async look(): Promise<void> {
      if (!searched) {
        searched = true;
        const before = lost;
        lost = null;
        await addUnread(before);
      }
      await readOlder();
      if (live) {
        await readLive(live);
        const there = await files.stat(path).then(inodeOf, () => null);
        if (there === live.inode || there === null) {
          if (await besideChanged()) await addUnread(null);
          if (there === null) await letGo(live);
          return;
        }
        older.push(live);
        live = null;
        deps.notice({
          path,
          kind: 'rotated',
          detail: 'Another file has its name; the old one is read to its end',
        });
        await addUnread(null);
      }
      live = await open();
      if (live) {
        if (unseen && inodeOf(unseen) === live.inode) await skipTo(live, Number(unseen.size));
        unseen = null;
        await readLive(live);
      }
      if (await besideChanged()) await addUnread(null);
    },

    positions(): SavedPosition[] {
      return [
        ...older.map((file) => saved('older', path, file)),
        ...[...known].map(([inode, mark]) => saved('known', path, { inode, ...mark })),
        live ? saved('live', path, live) : lost ? saved('live', path, lost) : saved('absent', path),
      ];
    },

    /** Nothing of it is open or still sought. */
    idle: (): boolean => live === null && older.length === 0 && searched,

    state: (): FollowedFile => ({ path, offset: live?.offset ?? 0, present: live !== null, readable }),

    async stop(): Promise<void> {
      await Promise.all([...older, ...(live ? [live] : [])].map(close));
    },
  };
}

export type Family = ReturnType<typeof createFamily>;
