import { randomBytes } from 'node:crypto';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where a link finally points; the path itself when nothing is there yet. */
async function finalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Some systems cannot open a folder; the rename itself is still atomic there.
  const handle = await open(folder, 'r').catch(() => null);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/**
 * Replaces a file so that readers see the old or the new content, never a part: temporary file beside it,
 * fsync, rename, fsync of the folder. An existing file keeps its mode and a link stays a link.
 * @param mode permission bits of a new file
 */
export async function writeAtomic(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const target = await finalPath(path);
  const kept = await stat(target).then(
    (found) => found.mode & 0o777,
    () => mode,
  );
  const folder = dirname(target);
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await open(temporary, 'wx', kept);
  try {
    await handle.writeFile(content);
    await handle.chmod(kept);
    await handle.sync();
    await handle.close();
    await rename(temporary, target);
  } catch (thrown) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw thrown;
  }
  await syncFolder(folder);
}
