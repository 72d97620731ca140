import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readSmallFile } from '../../platform/files/open-file.ts';
import { writeAtomic } from '../../platform/files/write-atomic.ts';

/** A version of vigiles.yaml that was in force. */
export interface ConfigVersion {
  /** `<UTC ms>-<revision>`: sorts by time. */
  id: string;
  ts: number;
  /** `device:<id>`, or `file`: by an editor. */
  actor: string;
  revision: string;
  /** Dotted paths that were new with it; empty: the first one that was kept. */
  changed: string[];
}

interface Kept extends ConfigVersion {
  /** With literal secrets, as the file itself: it never leaves this machine’s disk unshown. */
  text: string;
}

/** Earlier versions of the configuration, each a file of its owner only beside vigiles.yaml. */
export interface ConfigHistory {
  /** Keeps a version, unless the newest is the same. */
  keep(version: Omit<Kept, 'id'>): Promise<void>;
  /** Newest first; those before an id. */
  list(limit: number, before?: string): Promise<{ versions: ConfigVersion[]; next: string | null }>;
  /** The text of one; null: there is none, or it cannot be read. */
  text(id: string): Promise<string | null>;
}

const mostVersions = 200;
const largestBytes = 4 * 1_048_576;
const idPattern = /^\d{13,16}-[0-9a-f]{16}$/;

/** Versions in `<home>/config-history`; the oldest beyond 200 are dropped. */
export function createConfigHistory(home: string): ConfigHistory {
  const folder = join(home, 'config-history');
  let pending: Promise<unknown> = Promise.resolve();

  const ids = async (): Promise<string[]> =>
    (await readdir(folder).catch(() => [] as string[]))
      .filter((name) => name.endsWith('.json') && idPattern.test(name.slice(0, -5)))
      .map((name) => name.slice(0, -5))
      .sort()
      .toReversed();
  const read = async (id: string): Promise<Kept | null> => {
    try {
      return { ...(JSON.parse(await readSmallFile(join(folder, `${id}.json`), largestBytes)) as Kept), id };
    } catch {
      return null;
    }
  };

  const write = async (version: Omit<Kept, 'id'>): Promise<void> => {
    const [newest, ...older] = await ids();
    if (newest?.endsWith(`-${version.revision}`)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const id = `${version.ts}-${version.revision}`;
    await writeAtomic(join(folder, `${id}.json`), JSON.stringify(version), 0o600);
    for (const old of older.slice(mostVersions - 2)) await rm(join(folder, `${old}.json`), { force: true });
  };

  return {
    keep(version) {
      const next = pending.then(() => write(version));
      pending = next.catch(() => undefined);
      return next;
    },
    async list(limit, before) {
      await pending;
      const all = (await ids()).filter((id) => before === undefined || id < before);
      const page = await Promise.all(all.slice(0, limit).map(read));
      const versions = page
        .filter((kept) => kept !== null)
        .map(({ id, ts, actor, revision, changed }) => ({ id, ts, actor, revision, changed }));
      return { versions, next: all.length > limit ? (all[limit - 1] ?? null) : null };
    },
    text: async (id) => (idPattern.test(id) ? ((await read(id))?.text ?? null) : null),
  };
}
