import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
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
    // What goes wrong with it, a full disk, is told by `finished`; unheard it would end the process.
    const file = createWriteStream(sealed, { mode: 0o600 }).on('error', () => undefined);
    await place.read(
      name,
      (chunk) => {
        file.write(chunk);
      },
      signal,
    );
    file.end();
    await finished(file);
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
