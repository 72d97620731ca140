import { homedir } from 'node:os';
import type { ProviderTypeInfo } from '@vigiles/contract';
import {
  createGatewayDataStore,
  createPluginChannels,
  createPluginLook,
  createPluginRuntime,
  pluginActions,
  pluginRuntimeRoutes,
} from '../features/plugins/index.ts';
import type { Configuration } from '../platform/config/index.ts';
import type { Extend, ControlKit } from './extension.ts';

type Deps = Pick<ControlKit, 'home' | 'env' | 'store' | 'events' | 'egress' | 'clock' | 'log'> & {
  configuration: Configuration;
};

/** Plugins as the other features see them: checks, actions, channels and sorts of providers. */
export function createPlugins({ configuration, ...deps }: Deps) {
  const { home, env, store, events, egress, clock } = deps;
  const resolve = (text: string): string => configuration.resolve(text);
  const runtime = createPluginRuntime({
    home,
    userHome: env['HOME'] ?? homedir(),
    env,
    events,
    egress,
    resolve,
    gatewayData: createGatewayDataStore({ store, events }),
    clock,
    log: deps.log.child({ category: 'plugins' }),
  });
  return {
    runtime,
    look: createPluginLook(runtime, resolve),
    channels: createPluginChannels(runtime, resolve),
    actions: () => pluginActions(runtime, resolve),
    providerTypes: (): ProviderTypeInfo[] =>
      runtime.lives().flatMap((life) =>
        Object.entries(life.declaration()?.providers ?? {}).map(([name, provider]) => ({
          type: `${life.plugin.id}/${name}`,
          name: provider.name,
          base_url: provider.base_url ?? null,
          auth: provider.auth,
          protocols: provider.protocols.map(({ protocol }) => protocol),
          needs: provider.base_url === undefined ? ['base_url'] : [],
        })),
      ),
  };
}

export type Plugins = ReturnType<typeof createPlugins>;

/** Routes over what runs, and its end with Vigiles’ own. What is to run, the repository of plugins says. */
export const pluginRuntime: Extend = ({ plugins: { runtime } }) => ({
  routes: pluginRuntimeRoutes(runtime),
  components: [runtime.component],
});
