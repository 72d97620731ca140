import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fault, raise } from '../../../kernel/fault.ts';
import { createPathLedger, entryPathProblem } from '../core/entry-path.ts';
import { longestManifest, readManifest } from '../core/read-manifest.ts';
import { paxOfPath } from '../core/pax.ts';
import { blockBytes, paddingOf, writeTarHeader } from '../core/tar-header.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import { inspectPackage, type InspectedPackage } from './inspect-package.ts';

interface Packed {
  path: string;
  size: number;
}

const cannot = (why: string): never =>
  raise(fault('invalid', 'plugin_cannot_pack', `Cannot be packed: ${why}.`));

/** Every file below, sorted; what begins with a dot and packages of the root stay out. */
async function filesIn(root: string, limits: ArchiveLimits): Promise<Packed[]> {
  const found: Packed[] = [];
  const ledger = createPathLedger();
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || (folder === '' && entry.name.endsWith('.tgz'))) continue;
      const problem = entryPathProblem(path) ?? ledger.add(path, entry.isDirectory() ? 'folder' : 'file');
      if (problem) cannot(`${path} ${problem}`);
      if (entry.isDirectory()) await walk(path);
      else if (!entry.isFile()) cannot(`${path} is neither a file nor a folder; links are not packed`);
      else found.push({ path, size: (await lstat(join(root, path))).size });
      if (ledger.count() > limits.entries) cannot(`there are more than ${limits.entries} files and folders`);
    }
  };
  await walk('');
  return found;
}

async function* tarOf(root: string, files: readonly Packed[]): AsyncGenerator<Uint8Array> {
  for (const { path, size } of files) {
    const plain = /^[\x20-\x7e]{1,100}$/.test(path);
    if (!plain) {
      const pax = paxOfPath(path);
      yield writeTarHeader({ name: 'pax', size: pax.length, type: 'x' });
      yield pax;
      yield new Uint8Array(paddingOf(pax.length));
    }
    yield writeTarHeader({ name: plain ? path : 'long-name', size, type: '0' });
    let sent = 0;
    for await (const chunk of createReadStream(join(root, path)) as AsyncIterable<Buffer>) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent !== size) cannot(`${path} changed meanwhile`);
    yield new Uint8Array(paddingOf(size));
  }
  yield new Uint8Array(2 * blockBytes);
}

/**
 * Makes a package of a folder: the same files give the same bytes. Raises `plugin_manifest_invalid`, `plugin_cannot_pack`, and
 * what a reader of the package would.
 * @param target of the package, which is replaced
 */
export async function packFolder(
  root: string,
  target: string,
  limits: ArchiveLimits,
): Promise<InspectedPackage> {
  const manifest = await lstat(join(root, 'plugin.json')).catch(() => null);
  if (!manifest?.isFile()) cannot('there is no plugin.json in this folder');
  else if (manifest.size > longestManifest) cannot(`plugin.json is larger than ${longestManifest} bytes`);
  readManifest(await readFile(join(root, 'plugin.json'), 'utf8'));
  const files = await filesIn(root, limits);
  try {
    await pipeline(
      Readable.from(tarOf(root, files)),
      createGzip({ level: 9 }),
      createWriteStream(target, { mode: 0o644 }),
    );
    return await inspectPackage(target, null, limits);
  } catch (thrown) {
    await rm(target, { force: true });
    throw thrown;
  }
}
