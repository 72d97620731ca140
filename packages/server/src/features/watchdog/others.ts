import type { Clock } from '../../kernel/clock.ts';
import type { Presence } from '../../platform/presence/index.ts';
import { createAbandoned } from './incidents/abandoned.ts';
import type { IncidentStore } from './incidents/store.ts';
import type { MaintenanceKeeper } from './maintenance/maintenance.ts';

/** Other controls on the same database: what people have set there holds here, what they left for good is closed. */
export function followOthers(deps: {
  presence: Presence;
  maintenance: MaintenanceKeeper;
  incidentStore: IncidentStore;
  clock: Clock;
}): void {
  const { presence, maintenance, incidentStore, clock } = deps;
  const closeAbandoned = createAbandoned({ store: incidentStore, presence, clock });
  presence.each(async () => {
    await maintenance.follow();
    await closeAbandoned();
  });
}
