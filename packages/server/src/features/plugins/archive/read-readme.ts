import type { PluginReadme } from '@vigiles/contract';
import { isReadme, longestReadme, readmeText } from '../core/readme-text.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import { inspectPackage } from './inspect-package.ts';
import { walkPackage } from './walk-package.ts';

/** The README of a package that has the expected digest. Raises what reading a package raises. */
export async function readReadme(
  file: string,
  expected: string,
  limits: ArchiveLimits,
): Promise<PluginReadme | null> {
  const { bytes } = await inspectPackage(file, expected, limits);
  const parts: Buffer[] = [];
  let size: number | null = null;
  let kept = 0;
  let reading = false;
  await walkPackage(file, bytes, limits, {
    file(path, length) {
      reading = size === null && isReadme(path);
      if (reading) size = length;
    },
    data(chunk) {
      if (!reading || kept >= longestReadme) return;
      parts.push(Buffer.from(chunk));
      kept += chunk.length;
    },
  });
  return size === null ? null : readmeText(Buffer.concat(parts), size);
}
