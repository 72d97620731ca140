import { join } from 'node:path';
import { createConfigFeature } from '../features/config/index.ts';
import { createGatewayFeature } from '../features/gateway/index.ts';
import { logRoutes, logStreams } from '../features/logs/index.ts';
import { agents } from './agents.ts';
import { claudeHooks } from './claude-hooks.ts';
import { editors } from './editors.ts';
import { notion } from './notion.ts';
import { connectedAccounts } from './connected-accounts.ts';
import type { Extend } from './extension.ts';
import { agentSessions } from './agent-sessions.ts';
import { history } from './history.ts';
import { liveSessions } from './live-sessions.ts';
import { orchestrators } from './orchestrators.ts';
import { pluginRuntime } from './plugin-runtime.ts';
import { pluginRepository } from './plugin-repository.ts';
import { quotas } from './quotas.ts';
import { createRetention } from './retention.ts';
import { sessionCosts } from './session-costs.ts';
import { telling } from './telling.ts';
import { webPages } from './web-pages.ts';

/** The features every control has, besides the ones it is built on. */
export const builtIn: readonly Extend[] = [
  ({ home, configuration, events, clock, log }) => {
    const { routes, component } = createConfigFeature({ home, configuration, events, clock, log });
    return { routes, components: [component] };
  },
  history,
  liveSessions,
  agents,
  orchestrators,
  sessionCosts,
  ({ home }) => ({
    routes: logRoutes(join(home, 'logs')),
    streams: (events) => logStreams(join(home, 'logs'), events),
  }),
  claudeHooks,
  (kit) => ({ components: [createRetention(kit)] }),
  telling,
  agentSessions,
  webPages,
  quotas,
  connectedAccounts,
  editors,
  notion,
  pluginRuntime,
  pluginRepository,
  ({ home, store, events, configuration, clock, watching, plugins }) =>
    createGatewayFeature({
      home,
      configuration,
      store,
      events,
      now: () => clock.now(),
      watching: () => watching('gateway.live'),
      pluginTypes: plugins.providerTypes,
    }),
];
