import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupFile } from '@vigiles/contract';
import type { Place } from './places/place.ts';
import { openSealed } from './seal.ts';

/** Fetches a backup and opens it. `use` gets the path of the plain file, which is gone afterwards. */
export async function withBackup<T>(
  place: Place,
  name: string,
  key: string,
  signal: AbortSignal,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vigiles-restore-'));
  try {
    const sealed = join(folder, 'sealed');
    const plain = join(folder, 'plain');
    const file = createWriteStream(sealed, { mode: 0o600 });
    await place.read(
      name,
      (chunk) => {
        file.write(chunk);
      },
      signal,
    );
    file.end();
    await once(file, 'close');
    await openSealed(sealed, plain, key);
    await rm(sealed);
    return await use(plain);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The newest one. */
export const newest = (files: readonly BackupFile[]): BackupFile | null =>
  files.toSorted((a, b) => b.created_at - a.created_at)[0] ?? null;
