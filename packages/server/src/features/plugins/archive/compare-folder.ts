import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '../../../kernel/fault.ts';
import { foldPath } from '../core/entry-path.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import { digestFile } from './digest-file.ts';
import { walkPackage } from './walk-package.ts';

/** What differs; ends the walk. */
class Different extends Error {}

/**
 * Whether a folder still is exactly what its package holds: null, or the first difference in words. The package itself must
 * have the digest that was installed.
 */
export async function compareFolder(
  file: string,
  expected: string,
  folder: string,
  limits: ArchiveLimits,
): Promise<string | null> {
  const paths = new Set<string>();
  let handle: number | null = null;
  let path = '';
  const different = (why: string): never => {
    throw new Different(why);
  };
  try {
    const { bytes, sha512 } = await digestFile(file, limits.packageBytes);
    if (sha512 !== expected) return 'its package was changed';
    await walkPackage(file, bytes, limits, {
      folder: (name) => void paths.add(name),
      file(name, size) {
        path = name;
        paths.add(name);
        // A link is a difference, wherever it points.
        handle = openSync(join(folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
        const found = fstatSync(handle);
        if (!found.isFile() || found.size !== size) different(`${name} was changed`);
      },
      data(wanted) {
        const found = Buffer.alloc(wanted.length);
        let read = 0;
        while (read < found.length) {
          const got = readSync(handle ?? -1, found, read, found.length - read, null);
          if (got === 0) break;
          read += got;
        }
        if (!found.equals(wanted)) different(`${path} was changed`);
      },
      end() {
        if (handle !== null) closeSync(handle);
        handle = null;
      },
    });
    return extraIn(folder, paths);
  } catch (thrown) {
    if (thrown instanceof Different) return thrown.message;
    if (thrown instanceof FaultError) return thrown.fault.message;
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return path === '' ? 'its package is gone' : `${path} is gone`;
    if (code === 'ELOOP') return `${path} was replaced by a link`;
    if (code === undefined) throw thrown;
    return `${path === '' ? 'its package' : path} cannot be read (${code})`;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** Something that was added. Folders that only hold known files are known. */
function extraIn(folder: string, paths: ReadonlySet<string>): string | null {
  const known = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth <= parts.length; depth += 1)
      known.add(foldPath(parts.slice(0, depth).join('/')));
  }
  for (const found of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const name = found.replaceAll('\\', '/');
    if (!known.has(foldPath(name))) return `${name} was added`;
  }
  return null;
}
