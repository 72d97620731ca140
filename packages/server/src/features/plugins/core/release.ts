import type { PluginIndexEntry, PluginManifest, PluginPermissions } from '@vigiles/contract';

/** A version that can be had, and from where. */
export interface Offer extends PluginIndexEntry {
  source: string;
}

/** A version as it was installed. */
export interface Release {
  version: string;
  source: string;
  sha512: string;
  manifest: PluginManifest;
  granted: PluginPermissions;
  folder: string;
}

/** What is installed of a plugin. */
export interface Installed extends Release {
  id: string;
  enabled: boolean;
  problem: string | null;
  previous: Release | null;
  heldBack: string | null;
  told: string | null;
  installedAt: number;
  updatedAt: number;
}
