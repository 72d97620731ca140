import { originOf } from '../features/devices/index.ts';
import { createOauthVault, oauthRoutes } from '../features/oauth/index.ts';
import type { Extend } from './extension.ts';

/** Accounts at other services, held here so that no device has to. */
export const connectedAccounts: Extend = (kit) => {
  const { store, events, clock, newId, egress, secrets, config, configuration } = kit;
  const vault = createOauthVault({
    store,
    events,
    clock,
    newId,
    egress,
    secrets,
    log: kit.log.child({ category: 'oauth' }),
    config: () => config().oauth,
    resolve: (text) => configuration.resolve(text),
  });
  return {
    routes: oauthRoutes(vault, (header) => originOf(header, config().oauth.public_url)),
    components: [{ name: 'connected accounts', start: () => vault.start(), stop: () => vault.stop() }],
  };
};
