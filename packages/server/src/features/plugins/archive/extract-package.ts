import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import { inspectPackage, type InspectedPackage } from './inspect-package.ts';
import { walkPackage } from './walk-package.ts';

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Unpacks a package into a folder that does not exist yet, after all of it was inspected; every file and folder is on disk when
 * it resolves. For a thread of its own: it writes without giving way.
 */
export async function extractPackage(
  file: string,
  expected: string,
  into: string,
  limits: ArchiveLimits,
): Promise<InspectedPackage> {
  const inspected = await inspectPackage(file, expected, limits);
  mkdirSync(into, { mode: 0o700 });
  const folders = new Set([into]);
  const enter = (folder: string): void => {
    if (folders.has(folder)) return;
    enter(dirname(folder));
    mkdirSync(folder, { mode: 0o755 });
    folders.add(folder);
  };
  let handle: number | null = null;
  try {
    await walkPackage(file, inspected.bytes, limits, {
      folder: (path) => enter(join(into, path)),
      file(path) {
        const target = join(into, path);
        enter(dirname(target));
        // Never through something that is there already, were it a link.
        handle = openSync(target, 'wx', 0o644);
      },
      data(bytes) {
        for (let at = 0; at < bytes.length;) at += writeSync(handle ?? -1, bytes, at);
      },
      end() {
        if (handle === null) return;
        fsyncSync(handle);
        closeSync(handle);
        handle = null;
      },
    });
  } finally {
    if (handle !== null) closeSync(handle);
  }
  for (const folder of [...folders].toReversed()) syncFolder(folder);
  return inspected;
}
