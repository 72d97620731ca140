import { PluginId, PluginSource, PluginVersion } from '@vigiles/contract';
import { z } from 'zod';
import type { Installer } from '../installer.ts';
import type { Reading } from '../reading.ts';
import type { Registries } from '../registries.ts';
import type { Repository } from '../repository.ts';

export interface PluginServices {
  reading: Reading;
  repository: Repository;
  registries: Registries;
  installer: Installer;
}

export const reading = {
  method: 'GET',
  tag: 'plugins',
  scope: 'read',
  audit: 'none',
  tier: 'standard',
} as const;
export const changing = { method: 'POST', tag: 'plugins', scope: 'config', tier: 'standard' } as const;

/** Whatever is no id is nowhere: nothing of it reaches a path. */
export const IdParams = z.object({ id: PluginId });
export const VersionQuery = z.object({ version: PluginVersion.optional() });

const what = {
  version: PluginVersion.optional(),
  source: PluginSource.optional(),
  consent: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'The `consent` of the plan whose permissions were agreed to.' }),
};
export const UpdateBody = z.strictObject(what).prefault({});
export const InstallBody = z
  .strictObject({
    ...what,
    enable: z.boolean().default(true).meta({ description: 'Run it at once, where it is new.' }),
  })
  .prefault({});

export const UninstallBody = z
  .object({
    purge: z.boolean().default(false).meta({ description: 'Delete what it kept for itself, too.' }),
  })
  .prefault({});

export const ListQuery = z.object({
  search: z.string().trim().min(1).max(200).optional(),
  category: z.string().max(32).optional(),
  source: PluginSource.optional(),
  installed: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export const installFaults = [
  'plugin_unknown',
  'plugin_ambiguous',
  'plugin_unresolvable',
  'plugin_needs_consent',
  'plugin_digest_mismatch',
  'plugin_archive_refused',
  'plugin_manifest_differs',
  'plugin_index_expired',
  'plugin_download_failed',
  'plugins_disabled',
];

export const actorOf = ({ identity }: { identity: { deviceId: string } }): string =>
  `device:${identity.deviceId}`;
