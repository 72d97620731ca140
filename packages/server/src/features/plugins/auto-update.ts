import type { PluginsConfig } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { AuditEntry } from '../../platform/http/index.ts';
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
  newId: NewId;
  /** What Vigiles changes by itself stands in the audit chain like what a person changes. */
  audit(entry: AuditEntry): void;
  log: Log;
}

/**
 * Reads the registries and, where that is wanted, takes what is newer: never a version that was rolled back from, never one that
 * wants more than was granted. Of such a one people are told once.
 */
export async function lookForUpdates(deps: UpdateDeps): Promise<void> {
  const { store, catalogue, registries, installer, vigiles, config, newId, audit, log } = deps;
  if (!config().enabled) return;
  await registries.refreshAll();
  if (!config().plugin_auto_update) return;
  for (const { id } of await store.installed()) {
    // Updates take a while: people may have changed it meanwhile.
    const one = (await store.installed()).find((now) => now.id === id);
    if (!one) continue;
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
    let result = 'ok';
    try {
      await installer.update({ id: one.id, version }, 'plugins');
    } catch (thrown) {
      const { code, message } = toFault(thrown);
      result = code;
      log.warn({ plugin: one.id, version, code, reason: message }, 'a plugin could not be updated');
    }
    audit({
      verb: 'plugin.update',
      actor: 'plugins',
      target: one.id,
      requestId: newId('req'),
      result,
      details: { automatic: true, from_version: one.version, version },
    });
  }
}
