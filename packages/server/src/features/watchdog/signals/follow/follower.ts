import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemFiles } from './follow-files.ts';
import type { Follower, FollowerDeps, FollowSource } from './follower-types.ts';
import { createFamily, type Family } from './family.ts';
import { isCompressedName, isRotatedName } from './rotated-names.ts';

const mostFiles = 500;
/** The system may announce every single write: looks are at least so far apart. */
const leastPauseMs = 50;

/** `*` and `?` of a file name as a regular expression; runs of stars are one, so that it stays quick. */
function namePattern(wild: string): RegExp | null {
  if (!/[*?]/.test(wild)) return null;
  const source = wild.replace(/\*+|\?|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '?') return '[^]';
    return found.startsWith('*') ? '[^]*' : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

/**
 * Follows a file, or all files of a pattern. The system announces changes where it can; a look every `pollMs` finds what it
 * did not announce. Nothing is read while a block is being taken.
 */
export function createFollower(source: FollowSource, deps: FollowerDeps): Follower {
  const { log, clock, pollMs = 1000, closeAfterMs = 30_000, files = systemFiles, positions = [] } = deps;
  const folder = dirname(source.path);
  const pattern = namePattern(basename(source.path));
  const families = new Map<string, Family>();
  const notice = deps.onNotice ?? (() => undefined);
  const familyDeps = { log, clock, onLines: deps.onLines, files, closeAfterMs, notice };
  let startedNs: bigint | null = null;
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let crowded = false;
  let running: Promise<void> = Promise.resolve();
  let queued: Promise<void> | null = null;
  let lastLook = 0;

  async function namesNow(): Promise<string[]> {
    if (!pattern) return [basename(source.path)];
    const all = await files.names(folder).catch((): string[] => []);
    const fitting = all.filter((name) => pattern.test(name) && !isCompressedName(name));
    const bases = [...fitting, ...[...families.keys()].map((path) => basename(path))];
    const live = fitting.filter((name) => !bases.some((base) => isRotatedName(base, name)));
    if (live.length > mostFiles && !crowded)
      notice({
        path: source.path,
        kind: 'too_many_files',
        detail: `${live.length} files fit; ${mostFiles} are followed`,
      });
    crowded = live.length > mostFiles;
    return live.slice(0, mostFiles);
  }

  async function add(path: string): Promise<void> {
    const family = createFamily(path, familyDeps);
    // What turns up later is read from its start.
    await family.begin(startedNs === null ? source.from : 'start', positions, startedNs);
    families.set(path, family);
    // Its rotations were taken for logs of their own while it was not there.
    for (const [other, rotation] of families) {
      if (!isRotatedName(basename(path), basename(other))) continue;
      families.delete(other);
      await rotation.stop();
    }
  }

  async function look(): Promise<void> {
    const names = await namesNow();
    for (const name of names) if (!families.has(join(folder, name))) await add(join(folder, name));
    for (const family of families.values()) {
      if (stopped) return;
      await family.look();
    }
    await forgetGone(new Set(names.map((name) => join(folder, name))));
    if (!watcher) watchFolder();
  }

  /** A file of a pattern that is gone, and read to its end, is not ours any more. */
  async function forgetGone(present: ReadonlySet<string>): Promise<void> {
    if (!pattern) return;
    for (const [path, family] of families) {
      if (present.has(path) || !family.idle()) continue;
      families.delete(path);
      await family.stop();
    }
  }

  function watchFolder(): void {
    if (stopped) return;
    try {
      watcher = watch(folder, { persistent: false }, () => soon(leastPauseMs));
      watcher.on('error', () => {
        watcher?.close();
        watcher = null;
      });
    } catch {
      // No such folder yet, or no watches left: looking every `pollMs` does it too.
      watcher = null;
    }
  }

  /** At most one look runs and one waits. */
  function poll(): Promise<void> {
    if (stopped) return Promise.resolve();
    if (queued) return queued;
    queued = running.then(async () => {
      queued = null;
      if (stopped) return;
      lastLook = clock.monotonic();
      await look().catch((thrown: unknown) => {
        log.warn({ err: thrown, path: source.path }, 'A log could not be looked at');
      });
    });
    running = queued;
    return queued;
  }

  let due = Number.POSITIVE_INFINITY;
  function soon(ms: number): void {
    if (stopped) return;
    const at = Math.max(clock.monotonic() + ms, lastLook + leastPauseMs);
    if (timer && due <= at) return;
    if (timer) clearTimeout(timer);
    due = at;
    timer = setTimeout(
      () => {
        timer = null;
        void poll().then(() => soon(pollMs));
      },
      Math.max(0, at - clock.monotonic()),
    ).unref();
  }

  return {
    async start() {
      // First those of the run before: they may have been rotated away meanwhile, and then have no name now.
      for (const { path } of positions)
        if (pattern && dirname(path) === folder && pattern.test(basename(path)) && !families.has(path))
          await add(path);
      for (const name of await namesNow())
        if (!families.has(join(folder, name))) await add(join(folder, name));
      startedNs = BigInt(clock.now()) * 1_000_000n;
      watchFolder();
      soon(0);
    },
    poll,
    positions: () => [...families.values()].flatMap((family) => family.positions()),
    files: () => [...families.values()].map((family) => family.state()),
    async stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      watcher?.close();
      watcher = null;
      await running;
      await Promise.all([...families.values()].map((family) => family.stop()));
    },
  };
}
