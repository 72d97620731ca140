import { z } from 'zod';
import { Sha512 } from './plugin-index.ts';
import { PluginManifest, PluginProvision } from './plugin-manifest.ts';
import { PermissionDiff, PluginPermissions } from './plugin-permissions.ts';

/** Where a plugin comes from: `local` (published here), `bundled` (came with Vigiles), or the name of a registry. */
export const PluginSource = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'local, bundled, or a registry');

/** `ready`: its files are there. `damaged`: they are not what was installed, or are gone; it does not run. */
export const PluginState = z.enum(['ready', 'damaged']);
export type PluginState = z.infer<typeof PluginState>;

/** A plugin that is installed here. */
export const InstalledPlugin = z.object({
  id: z.string(),
  version: z.string(),
  state: PluginState,
  /** Why it is damaged. */
  problem: z.string().nullable(),
  enabled: z.boolean(),
  source: z.string(),
  sha512: Sha512,
  manifest: PluginManifest,
  /** What people have agreed to; it gets no more than that, and no more than its manifest asks for. */
  granted: PluginPermissions,
  /** Where its files lie on the machine of Vigiles. */
  folder: z.string(),
  /** What `rollback` goes back to. */
  previous_version: z.string().nullable(),
  /** Newest version of its source that would do here. */
  update: z.object({ version: z.string(), needs_consent: z.boolean() }).nullable(),
  /** UTC ms. */
  installed_at: z.number(),
  updated_at: z.number(),
});
export type InstalledPlugin = z.infer<typeof InstalledPlugin>;

/** A plugin in lists: its newest version. `checksum` is the SHA-256 of the package, as the earlier server had it. */
export const PluginSummary = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  description: z.string(),
  category: z.string(),
  license: z.string(),
  author: z.string(),
  homepage: z.string().nullable(),
  documentation: z.string().nullable(),
  source: z.string(),
  package_file: z.string(),
  package_size: z.number(),
  checksum: z.string(),
  sha512: Sha512,
  provides: z.array(PluginProvision),
  permissions: PluginPermissions,
  /** Ids of the plugins it needs. */
  dependencies: z.array(z.string()),
  /** Whether this Vigiles is one it works with. */
  compatible: z.boolean(),
  published_at: z.number(),
  installed: z.boolean(),
  installed_version: z.string().nullable(),
  update_available: z.boolean(),
  enabled: z.boolean(),
});
export type PluginSummary = z.infer<typeof PluginSummary>;

export const PluginList = z.object({
  plugins: z.array(PluginSummary),
  /** All that fit the question, on every page. */
  count: z.int(),
  /** `after` of the next page; null: this was the last. */
  next: z.string().nullable(),
});
export type PluginList = z.infer<typeof PluginList>;

/** A version that can be had, newest first in lists. */
export const PluginVersionInfo = z.object({
  version: z.string(),
  source: z.string(),
  engine: z.string(),
  compatible: z.boolean(),
  prerelease: z.boolean(),
  size: z.number(),
  sha512: Sha512,
  published_at: z.number(),
});
export type PluginVersionInfo = z.infer<typeof PluginVersionInfo>;

/** What a plugin says of itself: the `README.md` at the root of its package as plain text, hostile all the same. */
export const PluginReadme = z.object({ text: z.string().max(40_000), truncated: z.boolean() });
export type PluginReadme = z.infer<typeof PluginReadme>;

/** All about one plugin. */
export const PluginDetail = z.object({
  id: z.string(),
  /** Of the newest version that would be taken. */
  manifest: PluginManifest,
  package: z.object({ filename: z.string(), size: z.number() }).nullable(),
  /** Null where it is no longer to be had from anywhere. */
  latest: PluginSummary.nullable(),
  /** The newest 100. */
  versions: z.array(PluginVersionInfo),
  installed: InstalledPlugin.nullable(),
  /** Null where it has none, or where its package does not lie here. */
  readme: PluginReadme.nullable(),
  /** Installed plugins that need it. */
  needed_by: z.array(z.string()),
});
export type PluginDetail = z.infer<typeof PluginDetail>;

/** One plugin of a plan. `from` null: it is new here. */
export const PluginStep = z.object({
  id: z.string(),
  name: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  source: z.string(),
  size: z.number(),
  sha512: Sha512,
  permissions: PermissionDiff,
});
export type PluginStep = z.infer<typeof PluginStep>;

/** What an installation or an update would do: dependencies first, the plugin last. */
export const PluginPlan = z.object({
  steps: z.array(PluginStep),
  needs_consent: z.boolean(),
  /** Said back by whoever agrees to the permissions: stands for exactly these packages and permissions. */
  consent: z.string(),
});
export type PluginPlan = z.infer<typeof PluginPlan>;

/** What happened to a plugin: `plugin_id` and `status` are those of the earlier server. */
export const PluginOutcome = z.object({
  success: z.literal(true),
  plugin_id: z.string(),
  status: z.enum([
    'installed',
    'already_installed',
    'uninstalled',
    'enabled',
    'disabled',
    'updated',
    'up_to_date',
    'rolled_back',
  ]),
  /** Null after `uninstalled`. */
  plugin: InstalledPlugin.nullable(),
  /** Ids of dependencies that were installed or updated with it. */
  also: z.array(z.string()),
  /** After `uninstalled`: what it had kept for itself, and whether that is still there. Null: there was nothing. */
  data: z.object({ folder: z.string(), kept: z.boolean() }).nullable(),
});
export type PluginOutcome = z.infer<typeof PluginOutcome>;

/** A registry as it was last read. */
export const PluginRegistryStatus = z.object({
  name: z.string(),
  url: z.string(),
  /** Of its index; null: never read. */
  version: z.int().nullable(),
  plugins: z.int(),
  expires_at: z.number().nullable(),
  /** UTC ms of the last try. */
  checked_at: z.number().nullable(),
  /** Why its plugins cannot be had now. */
  problem: z.string().nullable(),
});
export type PluginRegistryStatus = z.infer<typeof PluginRegistryStatus>;

/** Answer to a publication. */
export const PublishedPlugin = z.object({
  success: z.literal(true),
  plugin_id: z.string(),
  version: z.string(),
  sha512: Sha512,
  size: z.number(),
  index_version: z.int(),
});
export type PublishedPlugin = z.infer<typeof PublishedPlugin>;

export const pluginEvents = {
  'plugin.changed': z.object({
    id: z.string(),
    change: z.enum([
      'published',
      'installed',
      'updated',
      'rolled_back',
      'uninstalled',
      'enabled',
      'disabled',
      'damaged',
    ]),
    version: z.string(),
    from_version: z.string().nullable(),
    source: z.string(),
  }),
  /** A newer version is not taken by itself: it wants more than was granted. */
  'plugin.update_waits': z.object({ id: z.string(), version: z.string(), permissions: PermissionDiff }),
  /** The index of a registry was refused: what is known of it stays. */
  'plugin.registry_refused': z.object({ registry: z.string(), code: z.string(), message: z.string() }),
} as const;
