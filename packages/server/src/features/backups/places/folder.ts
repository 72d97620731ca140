import { createReadStream } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { timeOf } from '../core/name.ts';
import type { ConfigOf, Place } from './place.ts';

/** A folder: a mounted disk, or one that another program carries elsewhere. */
export function folderPlace({ path }: ConfigOf<'folder'>): Place {
  const at = (name: string): string => join(path, basename(name));
  return {
    where: path,
    async put(name, file, _digest, signal) {
      // A disk that is not mounted must not be written beside.
      if (!(await stat(path).catch(() => null))?.isDirectory()) throw new Error(`${path} is no folder`);
      const partial = `${at(name)}.partial`;
      try {
        await copyFile(file, partial);
        signal.throwIfAborted();
        const handle = await open(partial, 'r+');
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(partial, at(name));
      } finally {
        await rm(partial, { force: true });
      }
    },
    async read(name, take, signal) {
      for await (const chunk of createReadStream(at(name), { signal })) take(chunk as Buffer);
    },
    async list() {
      const names = (await readdir(path)).filter((name) => timeOf(name) !== null);
      return Promise.all(
        names.map(async (name) => ({
          name,
          bytes: (await stat(at(name))).size,
          created_at: timeOf(name) ?? 0,
        })),
      );
    },
    remove: (name) => rm(at(name)),
  };
}
