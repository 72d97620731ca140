import type { Kysely } from 'kysely';
import type { Incident } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';

/** An incident with what only the watchdog needs to go on after a restart. */
export interface StoredIncident {
  incident: Incident;
  /** Runs asked for so far: numbers the next attempt. */
  attempts: number;
  /** A person was told. Once is enough. */
  alerted: boolean;
  /** The run that is said to have fixed it. */
  fixedBy: string | null;
}

export type IncidentEvent = 'incident.opened' | 'incident.updated' | 'incident.closed';

export interface IncidentFilter {
  state?: 'open' | 'closed' | Incident['state'] | undefined;
  service?: string | undefined;
  /** Opened before this time, UTC milliseconds. */
  before?: number | undefined;
  limit: number;
}

/** The only SQL about incidents. */
export function createIncidentStore({ store, events }: { store: Store; events: EventLog }) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  const stored = (row: { data: string }) => fromJson<StoredIncident>(row.data);
  return {
    async save(value: StoredIncident, event: IncidentEvent, actor: string): Promise<void> {
      const { incident } = value;
      await events.transaction<WatchdogTables, void>(async (tx) => {
        const row = { state: incident.state, closed_at: incident.closed_at, data: toJson(value) };
        await tx.db
          .insertInto('incident')
          .values({ ...row, id: incident.id, service: incident.service, opened_at: incident.opened_at })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        tx.append(event, { actor, subject: incident.id, data: { incident } });
      });
    },
    async open(): Promise<StoredIncident[]> {
      const rows = await db.selectFrom('incident').selectAll().where('state', '!=', 'closed').execute();
      return rows.map(stored);
    },
    async lastClosed(service: string): Promise<StoredIncident | null> {
      const row = await db
        .selectFrom('incident')
        .selectAll()
        .where('service', '=', service)
        .where('state', '=', 'closed')
        .orderBy('closed_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? stored(row) : null;
    },
    async byId(id: string): Promise<StoredIncident | null> {
      const row = await db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? stored(row) : null;
    },
    /** Open ones, those among them that need a person, and all that were opened since. UTC ms. */
    async counts(since: number): Promise<{ open: number; needs_person: number; last_24h: number }> {
      const states = await db
        .selectFrom('incident')
        .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
        .where('state', '!=', 'closed')
        .groupBy('state')
        .execute();
      const recent = await db
        .selectFrom('incident')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('opened_at', '>=', since)
        .executeTakeFirstOrThrow();
      const of = (wanted: string) => states.find(({ state }) => state === wanted)?.count ?? 0;
      const open = states.reduce((sum, { count }) => sum + count, 0);
      return { open, needs_person: of('needs_person'), last_24h: recent.count };
    },
    async list(filter: IncidentFilter): Promise<Incident[]> {
      let query = db.selectFrom('incident').selectAll();
      if (filter.state === 'open') query = query.where('state', '!=', 'closed');
      else if (filter.state !== undefined) query = query.where('state', '=', filter.state);
      if (filter.service !== undefined) query = query.where('service', '=', filter.service);
      if (filter.before !== undefined) query = query.where('opened_at', '<', filter.before);
      const rows = await query
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map((row) => stored(row).incident);
    },
  };
}

export type IncidentStore = ReturnType<typeof createIncidentStore>;
