import type { Kysely } from 'kysely';
import type { EventData, ServiceState } from '@vigiles/contract';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import { createWriteBehind, type Store } from '../../platform/store/index.ts';
import type { WatchdogTables } from './tables.ts';

export interface KnownState {
  state: ServiceState;
  since: number;
  reason: string;
}

/** The last known state of each service, saved in order together with the event that tells of it. */
export function createStateStore({ store, events, log }: { store: Store; events: EventLog; log: Log }) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  const behind = createWriteBehind({ log });
  return {
    save(change: EventData<'service.state_changed'>, since: number): void {
      const row = { state: change.to, since, reason: change.reason };
      behind.push(change.service, () =>
        events.transaction<WatchdogTables, void>(async (tx) => {
          await tx.db
            .insertInto('service_state')
            .values({ service: change.service, ...row })
            .onConflict((conflict) => conflict.column('service').doUpdateSet(row))
            .execute();
          tx.append('service.state_changed', { actor: 'watchdog', subject: change.service, data: change });
        }),
      );
    },
    async load(): Promise<Map<string, KnownState>> {
      const rows = await db.selectFrom('service_state').selectAll().execute();
      return new Map(
        rows.map(({ service, state, ...row }) => [service, { ...row, state: state as ServiceState }]),
      );
    },
    settled: () => behind.settled(),
    stop: () => behind.close(),
  };
}
