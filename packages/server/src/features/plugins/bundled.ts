import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Archives } from './archive/archives.ts';
import type { ArchiveLimits } from './core/tar-reader.ts';
import type { Offer } from './core/release.ts';
import type { PluginFolders } from './folders.ts';

export interface BundledDeps {
  /** Folder that has a folder for each plugin; null: none came with this Vigiles. */
  source: string | null;
  archives: Archives;
  folders: PluginFolders;
  limits(): ArchiveLimits;
  log: Log;
}

/** Plugins that come with Vigiles: their folders become packages when somebody asks for the first time. */
export function createBundled({ source, archives, folders, limits, log }: BundledDeps) {
  let made: Promise<Offer[]> | null = null;

  async function pack(name: string): Promise<Offer[]> {
    const target = await folders.staging('.tgz');
    try {
      const { manifest, sha512, sha256, bytes } = await archives.work({
        kind: 'pack',
        folder: join(source ?? '', name),
        target,
        limits: limits(),
      });
      await folders.settle(target, folders.package('bundled', manifest.id, manifest.version, sha512));
      return [{ manifest, sha512, sha256, size: bytes, published_at: 0, source: 'bundled' }];
    } catch (thrown) {
      await rm(target, { force: true });
      log.warn({ plugin: name, reason: toFault(thrown).message }, 'a bundled plugin cannot be offered');
      return [];
    }
  }

  async function packAll(): Promise<Offer[]> {
    if (source === null) return [];
    const found = await readdir(source, { withFileTypes: true }).catch(() => []);
    const offers: Offer[] = [];
    for (const entry of found) if (entry.isDirectory()) offers.push(...(await pack(entry.name)));
    return offers;
  }

  return { offers: (): Promise<readonly Offer[]> => (made ??= packAll()) };
}
