import { StatusPageConfig } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Route } from '../../../kernel/route.ts';
import type { Beats } from '../beats/beats.ts';
import type { IncidentStore } from '../incidents/store.ts';
import type { MaintenanceKeeper } from '../maintenance/maintenance.ts';
import type { WatchedService } from '../watched-service.ts';
import { statusPageRoutes } from './status-page.ts';

const off = StatusPageConfig.parse({});

/** The public status page over what the watchdog knows. @param deps `config` as it is now; off unless given */
export function publicPageOf(deps: {
  clock: Clock;
  config: (() => StatusPageConfig) | undefined;
  services: ReadonlyMap<string, WatchedService>;
  beats: Pick<Beats, 'days'>;
  incidentStore: IncidentStore;
  maintenance: MaintenanceKeeper;
}): Route[] {
  const { clock, config = () => off, services, beats, incidentStore, maintenance } = deps;
  return statusPageRoutes({
    clock,
    config,
    service(name) {
      const service = services.get(name);
      return service ? { title: service.config().title ?? name, state: service.memory().state } : null;
    },
    days: beats.days,
    incidents: (limit) => incidentStore.list({ limit }),
    maintenance: () => maintenance.list(),
  });
}
