import { hostname } from 'node:os';
import type { Route } from '../../kernel/route.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { PortTargets } from '../actions/index.ts';
import type { ServiceFacts } from './core/named-port.ts';
import { portRoutes } from './routes.ts';
import { createPortService, type PortServiceDeps } from './service.ts';
import { createSight } from './sight.ts';
import { createPortStore } from './store.ts';

export type { ServiceFacts } from './core/named-port.ts';

export interface PortsDeps {
  store: Store;
  events: EventLog;
  now(): number;
  /** Services of the configuration as they are now. */
  services(): readonly ServiceFacts[];
  request: PortServiceDeps['request'];
}

/** Named ports; `targets` are for the action runner, which alone ends what is on them. */
export function createPorts(deps: PortsDeps): { routes: readonly Route[]; targets: PortTargets } {
  const { now, services, request } = deps;
  const { look, targets } = createSight(services);
  const store = createPortStore(deps.store, deps.events, hostname(), now);
  return { routes: portRoutes(createPortService({ store, look, services, request, now })), targets };
}
