import { fileURLToPath } from 'node:url';
import { createPluginRepository } from '../features/plugins/index.ts';
import type { Extend } from './extension.ts';

/** Those that come with Vigiles lie beside its packages. */
const bundled = fileURLToPath(new URL('../../../../distribution/plugins', import.meta.url));

/** What is published here, what can be had, and what is installed; the runtime follows it. */
export const pluginRepository: Extend = (kit) => {
  const { home, store, events, egress, secrets, configuration, version, clock, newId, log } = kit;
  const { routes, component } = createPluginRepository({
    home,
    store,
    events,
    egress,
    secrets,
    quotas: kit.quotas,
    config: () => kit.config().plugins,
    subscribe: (changed) => configuration.subscribe(changed),
    resolve: (text) => configuration.resolve(text),
    runtime: kit.plugins.runtime,
    bundled,
    version,
    now: () => clock.now(),
    newId,
    audit: (entry) => kit.audit(entry),
    log: log.child({ category: 'plugins' }),
  });
  return { routes, components: [component] };
};
