import type { PluginsConfig } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import type { Log } from '../../kernel/log.ts';
import type { Catalogue } from './catalogue.ts';
import { permissionDiff } from './core/permissions.ts';
import { newerThan } from './core/views.ts';
import type { Installer } from './installer.ts';
import type { Registries } from './registries.ts';
import type { PluginStore } from './store.ts';

export interface UpdateDeps {
  store: PluginStore;
  catalogue: Catalogue;
  registries: Registries;
  installer: Installer;
  vigiles: string;
  config(): PluginsConfig;
  log: Log;
}

/**
 * Reads the registries and, where that is wanted, takes what is newer: never a version that was rolled back from, never one that
 * wants more than was granted. Of such a one people are told once.
 */
export async function lookForUpdates(deps: UpdateDeps): Promise<void> {
  const { store, catalogue, registries, installer, vigiles, config, log } = deps;
  if (!config().enabled) return;
  await registries.refreshAll();
  if (!config().plugin_auto_update) return;
  for (const one of await store.installed()) {
    const offers = (await catalogue.all()).get(one.id) ?? [];
    const newest = newerThan(one, offers, vigiles).find(({ manifest }) => manifest.version !== one.heldBack);
    if (!newest || one.problem !== null) continue;
    const { version, permissions } = newest.manifest;
    const diff = permissionDiff(one.granted, permissions);
    if (diff.grows) {
      if (one.told !== version) await store.told(one, { id: one.id, version, permissions: diff });
      continue;
    }
    // Without consent: whatever else it would bring along with new permissions is refused there.
    await installer.update({ id: one.id, version }, 'plugins').catch((thrown: unknown) => {
      const { code, message } = toFault(thrown);
      log.warn({ plugin: one.id, version, code, reason: message }, 'a plugin could not be updated');
    });
  }
}
