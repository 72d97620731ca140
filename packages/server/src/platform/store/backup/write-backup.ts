import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { mapFileError } from '../faults.ts';
import { encodeValue, formatName, formatVersion, type BackupHeader, type BackupTrailer } from './format.ts';
import type { BackupSource } from './source.ts';

/** Writes a backup beside `path` and renames it into place once it is complete and on disk; mode 0600. */
export async function writeBackup(source: BackupSource, path: string): Promise<{ bytes: number }> {
  const target = resolve(path);
  const partial = `${target}.${process.pid}.partial`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await pipeline(
      Readable.from(lines(source), { objectMode: true }),
      createGzip({ level: 6 }),
      createWriteStream(partial, { mode: 0o600, flush: true }),
    );
    await rename(partial, target);
    await syncFolder(dirname(target));
    return { bytes: (await stat(target)).size };
  } catch (thrown) {
    await rm(partial, { force: true });
    throw mapFileError(thrown, target);
  }
}

async function* lines(source: BackupSource): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const hashed = (text: string): string => {
    hash.update(text);
    return text;
  };
  const header: BackupHeader = {
    format: formatName,
    version: formatVersion,
    createdAt: Date.now(),
    dialect: source.dialect,
    migrations: source.migrations,
    tables: source.tables,
  };
  yield hashed(`${JSON.stringify(header)}\n`);
  let count = 0;
  for (const table of source.tables) {
    yield hashed(`${JSON.stringify({ table: table.name })}\n`);
    for await (const batch of source.rows(table)) {
      count += batch.length;
      yield hashed(batch.map((row) => `${JSON.stringify(row.map(encodeValue))}\n`).join(''));
    }
  }
  const trailer: BackupTrailer = { end: true, rows: count, sha256: hash.digest('hex') };
  yield `${JSON.stringify(trailer)}\n`;
}

/** A rename is on disk once its folder is; not every file system can do that. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
