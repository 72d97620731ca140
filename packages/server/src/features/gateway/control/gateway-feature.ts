import type { GatewaySnapshot, ProviderTypeInfo } from '@vigiles/contract';
import type { Component } from '../../../kernel/lifecycle.ts';
import type { Route } from '../../../kernel/route.ts';
import type { Configuration } from '../../../platform/config/index.ts';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { Store } from '../../../platform/store/store.ts';
import { createAdaptationStore } from '../adaptations/adaptation-store.ts';
import { createOverrideStore } from '../overrides/override-store.ts';
import { readRunFile } from '../run-file.ts';
import { adaptationRoutes } from './adaptation-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { aiRoutes } from './ai-routes.ts';
import { createGatewayClient, type GatewayClient } from './gateway-client.ts';
import { overrideRoutes } from './override-routes.ts';
import { createGatewayLive } from './gateway-live.ts';
import { moneyRoutes } from './money-routes.ts';
import { providerRoutes } from './provider-routes.ts';
import { gatewayRoutes } from './routes.ts';
import { switchRoutes } from './switch-model.ts';
import { trialRoutes } from './trial-routes.ts';
import { createTurnStore, type DeviceUse, type TurnStore } from './turn-store.ts';

export interface GatewayFeatureDeps {
  home: string;
  configuration: Configuration;
  store: Store;
  events: Pick<EventLog, 'publishVolatile' | 'transaction'>;
  now(): number;
  /** How many clients follow `gateway.live`. */
  watching(): number;
  /** Sorts of providers that plugins bring; absent: none. */
  pluginTypes?(): readonly ProviderTypeInfo[];
}

/** The gateway as control sees it: routes over its ledger, its live view, and its parts of the status. */
export interface GatewayFeature {
  routes: Route[];
  components: Component[];
  status: {
    spending(): ReturnType<TurnStore['spending']>;
    deviceToday(deviceId: string): Promise<DeviceUse>;
    /** `url` only while it runs: its port may have been chosen by the system. */
    gateway(): Promise<{ state: string; pid: number | null; url?: string }>;
  };
  usageToday(): Promise<ReadonlyMap<string, DeviceUse>>;
  client: GatewayClient;
}

export function createGatewayFeature({
  home,
  configuration,
  store,
  events,
  now,
  watching,
  pluginTypes = () => [],
}: GatewayFeatureDeps): GatewayFeature {
  const client = createGatewayClient(() => readRunFile(home));
  const turns = createTurnStore(store);
  const timeZone = () => configuration.current().budgets.time_zone;
  const deps = { configuration, store, turns, client, now, pluginTypes };
  const adaptations = createAdaptationStore(store, events, now);
  const overrides = createOverrideStore(store, events, now);
  const publish = (snapshot: GatewaySnapshot | null): void =>
    events.publishVolatile('gateway.live', { snapshot });
  return {
    routes: [
      ...gatewayRoutes(deps),
      ...aiRoutes(deps),
      ...adaptationRoutes(adaptations, now),
      ...recordRoutes(deps),
      ...providerRoutes(deps),
      ...trialRoutes(deps),
      ...moneyRoutes(deps),
      ...switchRoutes(deps),
      ...overrideRoutes(overrides),
    ],
    components: [createGatewayLive({ snapshot: () => client.snapshot(), watching, publish })],
    status: {
      spending: () => turns.spending(now(), timeZone()),
      deviceToday: async (deviceId) =>
        (await turns.usageToday(now(), timeZone())).get(deviceId) ?? { requests: 0, cost_micros: 0 },
      async gateway() {
        const [snapshot, url] = await Promise.all([client.snapshot(), client.url()]);
        if (!snapshot || url === null) return { state: 'unreachable', pid: null };
        return { state: 'up', pid: snapshot.pid, url };
      },
    },
    usageToday: () => turns.usageToday(now(), timeZone()),
    client,
  };
}
