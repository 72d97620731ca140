import type { BackupTargetConfig } from '@vigiles/contract';
import { folderPlace } from './places/folder.ts';
import type { Place, PlaceDeps } from './places/place.ts';
import { s3Place } from './places/s3.ts';
import { webdavPlace } from './places/webdav.ts';
import type { Lock } from './seal.ts';

export interface OpenTarget {
  place: Place;
  lock: Lock;
}

/** A target with its secrets filled in. Throws what is missing, for people. */
export function openTarget(
  config: BackupTargetConfig,
  deps: PlaceDeps,
  resolve: (text: string) => string,
): OpenTarget {
  const filled = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === 'string' ? resolve(value) : value]),
  ) as BackupTargetConfig;
  const { recipients, passphrase = null } = filled;
  if (recipients.length === 0 && passphrase === null)
    throw new Error(`nothing leaves unencrypted, and ${config.name} has neither recipients nor a passphrase`);
  const lock = { recipients, passphrase };
  switch (filled.type) {
    case 'folder':
      return { lock, place: folderPlace(filled) };
    case 's3':
      return { lock, place: s3Place(filled, deps) };
    case 'webdav':
      return { lock, place: webdavPlace(filled, deps) };
  }
}
