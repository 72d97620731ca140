import type { Kysely } from 'kysely';
import type { Maintenance } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';

/** Maintenance that a person has set. */
export interface SetMaintenance {
  id: string;
  /** Empty: every service. */
  services: string[];
  from: number;
  to: number;
  reason: string;
  actor: string;
}

export const asResource = (set: SetMaintenance, now: number): Maintenance => ({
  ...set,
  source: 'person',
  open: set.from <= now && now < set.to,
});

/** The only SQL about maintenance. */
export function createMaintenanceStore({ store, events }: { store: Store; events: EventLog }) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  return {
    async add(set: SetMaintenance): Promise<void> {
      await events.transaction<WatchdogTables, void>(async (tx) => {
        const { id, services, from, to, reason, actor } = set;
        await tx.db
          .insertInto('maintenance')
          .values({ id, services: toJson(services), from_ts: from, to_ts: to, reason, actor })
          .execute();
        tx.append('maintenance.set', { actor, subject: id, data: { maintenance: asResource(set, from) } });
      });
    },
    async end(set: SetMaintenance, now: number, actor: string): Promise<void> {
      await events.transaction<WatchdogTables, void>(async (tx) => {
        await tx.db.updateTable('maintenance').set({ to_ts: now }).where('id', '=', set.id).execute();
        const ended = asResource({ ...set, to: now }, now);
        tx.append('maintenance.ended', { actor, subject: set.id, data: { maintenance: ended } });
      });
    },
    /** Those that are not over. */
    async current(now: number): Promise<SetMaintenance[]> {
      const rows = await db.selectFrom('maintenance').selectAll().where('to_ts', '>', now).execute();
      return rows.map(({ id, services, from_ts, to_ts, reason, actor }) => ({
        id,
        services: fromJson<string[]>(services),
        from: from_ts,
        to: to_ts,
        reason,
        actor,
      }));
    },
  };
}

export type MaintenanceStore = ReturnType<typeof createMaintenanceStore>;
