import type { PluginManifest } from '@vigiles/contract';
import { fault, raise } from '../../../kernel/fault.ts';
import { longestManifest, readManifest } from '../core/read-manifest.ts';
import { archiveRefused } from '../core/refused.ts';
import { textOf } from '../core/tar-header.ts';
import type { ArchiveLimits } from '../core/tar-reader.ts';
import { digestFile, type FileDigest } from './digest-file.ts';
import { walkPackage } from './walk-package.ts';

export interface InspectedPackage extends FileDigest {
  manifest: PluginManifest;
  entries: number;
  unpackedBytes: number;
}

/**
 * Reads a package without writing any of it: first its digest, which must be the expected one, then every entry, then the
 * manifest. Raises `plugin_digest_mismatch`, `plugin_archive_refused`, `plugin_manifest_invalid`.
 * @param expected `sha512-…` from elsewhere than the package; null: it is only told
 */
export async function inspectPackage(
  file: string,
  expected: string | null,
  limits: ArchiveLimits,
): Promise<InspectedPackage> {
  const digest = await digestFile(file, limits.packageBytes);
  if (expected !== null && digest.sha512 !== expected) {
    raise(
      fault(
        'invalid',
        'plugin_digest_mismatch',
        'The package is not the one that was promised: its digest is another one. Nothing of it was unpacked.',
        { details: { expected, found: digest.sha512 } },
      ),
    );
  }
  const files = new Set<string>();
  const parts: Buffer[] = [];
  let reading = false;
  const walked = await walkPackage(file, digest.bytes, limits, {
    file(path, size) {
      files.add(path);
      reading = path === 'plugin.json';
      if (reading && size > longestManifest)
        archiveRefused(`its plugin.json is larger than ${longestManifest} bytes`);
    },
    data(bytes) {
      if (reading) parts.push(Buffer.from(bytes));
    },
  });
  if (!files.has('plugin.json')) archiveRefused('there is no plugin.json at its root');
  const manifest = readManifest(textOf(Buffer.concat(parts)));
  if (!files.has(manifest.main))
    archiveRefused(`its plugin.json names “${manifest.main}” as main, which is not in it`);
  return { ...digest, manifest, ...walked };
}
