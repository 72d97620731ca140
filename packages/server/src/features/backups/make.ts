import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../platform/store/index.ts';
import { beyond } from './core/name.ts';
import type { Digest, Place } from './places/place.ts';
import { sealFile, type Lock } from './seal.ts';

export interface Making {
  store: Pick<Store, 'backup'>;
  home: string;
  name: string;
  place: Place;
  lock: Lock;
  keep: number;
  signal: AbortSignal;
  note(text: string, data?: Record<string, unknown>): void;
}

const prefix = 'backup-';
const parentOf = (home: string): string => join(home, 'run');

/** Removes copies of the store that a killed process left in the home. */
export async function sweepCopies(home: string): Promise<void> {
  const names = await readdir(parentOf(home)).catch(() => []);
  for (const name of names)
    if (name.startsWith(prefix)) await rm(join(parentOf(home), name), { recursive: true, force: true });
}

/** Copies the store, closes the copy, brings it there and reads all of it back; then older ones go. @returns what lies there */
export async function makeBackup(work: Making): Promise<Digest & { removed: string[] }> {
  const { store, home, name, place, lock, signal, note } = work;
  const parent = parentOf(home);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, prefix));
  try {
    const plain = join(folder, 'plain');
    const sealed = join(folder, 'sealed');
    await store.backup(plain);
    signal.throwIfAborted();
    const digest = await sealFile(plain, sealed, lock);
    await rm(plain);
    signal.throwIfAborted();
    await place.put(name, sealed, digest, signal);
    await verify(place, name, digest, signal);
    note('it was read back, and is what was sent', { ...digest });
    return { ...digest, removed: await removeOlder(work) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only once the new one is proven. */
async function removeOlder({ name, place, keep, signal, note }: Making): Promise<string[]> {
  const files = await place.list(signal);
  const found = files.find((file) => file.name === name);
  if (!found) throw new Error(`${place.where} does not list it`);
  const removed = beyond(
    files.map((file) => file.name),
    keep,
  ).filter((old) => old !== name);
  for (const old of removed) {
    signal.throwIfAborted();
    await place.remove(old, signal);
    note('an older backup was deleted', { name: old });
  }
  return removed;
}

/** Reads all of it. */
async function digestOf(place: Place, name: string, signal: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  await place.read(
    name,
    (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    },
    signal,
  );
  return { bytes, sha256: hash.digest('hex') };
}

async function verify(place: Place, name: string, wanted: Digest, signal: AbortSignal): Promise<void> {
  const { bytes, sha256 } = await digestOf(place, name, signal);
  if (bytes === wanted.bytes && sha256 === wanted.sha256) return;
  await place.remove(name, signal).catch(() => undefined);
  throw new Error(`what lies at ${place.where} is not what was sent (${bytes} of ${wanted.bytes} bytes)`);
}
