import { isDeepStrictEqual } from 'node:util';
import { rm, stat } from 'node:fs/promises';
import { fault, raise } from '../../kernel/fault.ts';
import type { Archives } from './archive/archives.ts';
import type { Offer } from './core/release.ts';
import type { ArchiveLimits } from './core/tar-reader.ts';
import type { PluginFolders } from './folders.ts';
import type { Registries } from './registries.ts';

export interface UnpackDeps {
  archives: Archives;
  folders: PluginFolders;
  registries: Registries;
  limits(): ArchiveLimits;
}

/** Whether a package lies here. */
const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

/**
 * Brings a version onto this machine: its package, fetched where it is not here yet, and a new folder with all of its files. The
 * folder appears at once and whole, under a name of its own; what runs is not touched.
 * @returns the folder
 */
export async function unpack(
  offer: Offer,
  { archives, folders, registries, limits }: UnpackDeps,
): Promise<string> {
  const { source, sha512, manifest } = offer;
  const { id, version } = manifest;
  const kept = folders.package(source, id, version, sha512);
  const fetched = (await isThere(kept)) ? null : await folders.staging('.tgz');
  const staged = await folders.staging('');
  try {
    if (fetched !== null) {
      if (source === 'local' || source === 'bundled')
        raise(
          fault(
            'internal',
            'plugin_package_missing',
            `The package of ${id} ${version} is not here any more.`,
          ),
        );
      await registries.mustCount(source);
      await registries.fetchPackage(offer, fetched);
    }
    const inspected = await archives.work({
      kind: 'extract',
      file: fetched ?? kept,
      expected: sha512,
      into: staged,
      limits: limits(),
    });
    if (!isDeepStrictEqual(inspected.manifest, manifest))
      raise(
        fault(
          'upstream',
          'plugin_manifest_differs',
          `The package of ${id} ${version} says something else of itself than the index says of it.`,
          { retryable: false },
        ),
      );
    if (fetched !== null) await folders.settle(fetched, kept);
    const folder = folders.installed(id, version);
    await folders.settle(staged, folder);
    return folder;
  } finally {
    if (fetched !== null) await rm(fetched, { force: true });
    await rm(staged, { recursive: true, force: true });
  }
}
