import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { capture, type CaptureLimits, type Captured } from './capture.ts';
import { difference, type RestoreChange } from './difference.ts';
import { git, openPlace, type GitPlace } from './git.ts';
import { putBack, type LeftAlone } from './put-back.ts';

export interface SnapshotsOptions {
  /** Where our git directories are kept. */
  root: string;
  /** Where git is looked for: PATH. */
  path: string;
  limits(): CaptureLimits;
}

export interface RestoreReport {
  changes: RestoreChange[];
  left: LeftAlone[];
  /** Looked at again afterwards: the files are those of the snapshot, apart from what was left. */
  verified: boolean;
  /** Paths that are not, and what git said of it. */
  differing: string[];
  trouble: string | null;
}

/** Keeps the files of folders, and brings them back. */
export interface Snapshots {
  /** Keeps them under this name until it is dropped. @throws TooLarge, GitError */
  take(folder: string, name: string): Promise<Captured>;
  /** What `restore` would do now. */
  preview(folder: string, name: string): Promise<RestoreChange[]>;
  /**
   * Keeps what is there now under `safety`, then makes the files those of `name`.
   * @param saved called in between, before any file is touched
   */
  restore(
    folder: string,
    name: string,
    safety: string,
    saved?: (kept: Captured) => Promise<unknown>,
  ): Promise<RestoreReport>;
  /** Forgets these; what nobody needs any more is deleted, with the last one the git directory too. */
  drop(folder: string, names: readonly string[]): Promise<void>;
  /** The names of what is kept of a folder, also of one that is not there any more. */
  names(folder: string): Promise<string[]>;
  has(folder: string, name: string): Promise<boolean>;
}

const refOf = (name: string): string => {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name))
    throw new Error('A snapshot’s name is letters, digits, - and _ only.');
  return `refs/vigiles/${name}`;
};

/** @see https://git-scm.com/docs/git#_environment_variables */
export function createSnapshots({ root, path, limits }: SnapshotsOptions): Snapshots {
  // One after the other per folder: they share an index.
  const queues = new Map<string, Promise<unknown>>();

  async function within<T>(folder: string, work: (place: GitPlace) => Promise<T>, opens = true): Promise<T> {
    // A folder that is gone is known by the name it had.
    const real = await realpath(folder).catch(() => resolve(folder));
    const id = createHash('sha256').update(real).digest('hex').slice(0, 24);
    const place = { gitDir: join(root, `${id}.git`), folder: real, path };
    const before = queues.get(id) ?? Promise.resolve();
    const now = before
      .catch(() => undefined)
      .then(async () => {
        if (opens && !existsSync(join(place.gitDir, 'info', 'exclude'))) await openPlace(place);
        return work(place);
      });
    queues.set(id, now);
    const clear = (): void => {
      if (queues.get(id) === now) queues.delete(id);
    };
    now.then(clear, clear);
    return now;
  }
  const keep = async (place: GitPlace, name: string): Promise<Captured> => {
    const captured = await capture(place, limits());
    const commit = (await git(place, ['commit-tree', '-m', name, captured.tree])).trim();
    await git(place, ['update-ref', refOf(name), commit]);
    return captured;
  };
  const treeOf = async (place: GitPlace, name: string): Promise<string> =>
    (await git(place, ['rev-parse', '--verify', '--quiet', `${refOf(name)}^{tree}`])).trim();

  const namesIn = async (place: GitPlace): Promise<string[]> =>
    (await git(place, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/vigiles/']))
      .split('\n')
      .filter((name) => name !== '');

  return {
    take: (folder, name) =>
      within(folder, async (place) => {
        const captured = await keep(place, name);
        await git(place, ['gc', '--auto', '--quiet']);
        return captured;
      }),
    preview: (folder, name) =>
      within(folder, async (place) => {
        const wanted = await treeOf(place, name);
        return difference(place, (await capture(place, limits())).tree, wanted);
      }),
    restore: (folder, name, safety, saved) =>
      within(folder, async (place) => {
        const wanted = await treeOf(place, name);
        const kept = await keep(place, safety);
        await saved?.(kept);
        const changes = await difference(place, kept.tree, wanted);
        const { left, trouble } = await putBack(place, wanted, changes);
        const alone = new Set(left.map(({ path }) => path));
        const after = await difference(place, (await capture(place, limits())).tree, wanted);
        const differing = after.flatMap(({ path }) => (alone.has(path) ? [] : [path]));
        return { changes, left, trouble, differing, verified: differing.length === 0 };
      }),
    drop: (folder, names) =>
      within(
        folder,
        async (place) => {
          if (names.length === 0 || !existsSync(place.gitDir)) return;
          for (const name of names) await git(place, ['update-ref', '-d', refOf(name)]);
          if ((await namesIn(place)).length === 0) await rm(place.gitDir, { recursive: true, force: true });
          else await git(place, ['gc', '--quiet', '--prune=now']);
        },
        false,
      ),
    names: (folder) =>
      within(folder, async (place) => (existsSync(place.gitDir) ? namesIn(place) : []), false),
    has: (folder, name) =>
      within(folder, (place) =>
        treeOf(place, name).then(
          () => true,
          () => false,
        ),
      ).catch(() => false),
  };
}
