import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

/** Where packages, what was unpacked of them, and what is under way lie. All on one disk, so that a rename is whole. */
export interface PluginFolders {
  root: string;
  /** Name of this folder in the database: rows and files belong together, on whatever machine. */
  place: string;
  /** File of a package; part of its digest is in its name, so that no other one ever takes its place. */
  package(source: string, id: string, version: string, sha512: string): string;
  /** A folder for an unpacked package that was never used before: nothing is ever written over what runs. */
  installed(id: string, version: string): string;
  /** A name that nobody uses, for something that is not finished. */
  staging(ending: string): Promise<string>;
  /** Moves something finished to its place at once; a file that was there is replaced. */
  settle(staged: string, target: string): Promise<void>;
  /** Removes what was left unfinished and what is not among these files and folders. */
  sweep(keep: ReadonlySet<string>): Promise<void>;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const entriesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

function placeIn(root: string): string {
  const file = join(root, 'place');
  const read = (): string => readFileSync(file, 'utf8').trim();
  try {
    return read();
  } catch {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    // Another process may be making it at this moment: whoever is first names it.
    try {
      writeFileSync(file, `${randomBytes(8).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
    } catch {
      // Read below.
    }
    return read();
  }
}

/** @param shared whether several machines may use the same database: then each folder has a name of its own */
export function openPluginFolders(home: string, directory: string, shared: boolean): PluginFolders {
  const root = isAbsolute(directory) ? directory : join(home, directory);
  const staged = join(root, '.staging');

  const staging = async (ending: string): Promise<string> => {
    await mkdir(staged, { recursive: true, mode: 0o700 });
    return join(staged, `${randomBytes(8).toString('hex')}${ending}`);
  };

  return {
    root,
    place: shared ? placeIn(root) : 'main',
    package(source, id, version, sha512) {
      const digest = Buffer.from(sha512.slice('sha512-'.length), 'base64').toString('hex', 0, 8);
      return join(root, 'packages', source, id, `${version}_${digest}.tgz`);
    },
    installed: (id, version) => join(root, 'installed', id, `${version}_${randomBytes(4).toString('hex')}`),
    staging,
    async settle(from, target) {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(from, target);
      await syncFolder(dirname(target));
    },
    async sweep(keep) {
      await rm(staged, { recursive: true, force: true });
      const below = async (folder: string, depth: number): Promise<void> => {
        for (const name of await entriesOf(folder)) {
          const path = join(folder, name);
          if (depth > 1) await below(path, depth - 1);
          else if (!keep.has(path)) await rm(path, { recursive: true, force: true });
        }
      };
      await below(join(root, 'packages'), 3);
      await below(join(root, 'installed'), 2);
    },
  };
}
