import { sql, type Kysely } from 'kysely';
import type { Incident } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/index.ts';
import { fromJson, toJson, type Store } from '../../../platform/store/index.ts';
import type { WatchdogTables } from '../tables.ts';
import { completed, type StoredIncident } from './stored-incident.ts';

export type IncidentEvent = 'incident.opened' | 'incident.updated' | 'incident.closed';

export interface IncidentFilter {
  state?: 'open' | 'closed' | Incident['state'] | undefined;
  /** What it is about. */
  target?: string | undefined;
  /** Entry of the catalogue, or the state machine's own code. */
  fault?: string | undefined;
  severity?: Incident['severity'] | undefined;
  /** Found in title, target, fault or id, whatever the case. */
  search?: string | undefined;
  /** Opened before this time, UTC milliseconds. */
  before?: number | undefined;
  /** Cursor: after this one in the list. */
  after?: { openedAt: number; id: string } | undefined;
  limit: number;
}

const wordsOf = ({ title, target, fault_code, fault_id, id }: Incident): string =>
  `${title} ${target} ${fault_code} ${fault_id ?? ''} ${id}`.toLowerCase();

/** Text that stands for itself in a LIKE with `\` as its escape. */
const literal = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, '\\$&');

/** The only SQL about incidents. @param owner this control's name in the presence: what it saves is its own */
export function createIncidentStore({
  store,
  events,
  owner,
}: {
  store: Store;
  events: EventLog;
  owner: string;
}) {
  const db: Kysely<WatchdogTables> = store.db<WatchdogTables>();
  const stored = (row: { data: string }) => completed(fromJson<StoredIncident>(row.data));
  return {
    async save(value: StoredIncident, event: IncidentEvent, actor: string): Promise<void> {
      const { incident } = value;
      await events.transaction<WatchdogTables, void>(async (tx) => {
        const row = {
          state: incident.state,
          closed_at: incident.closed_at,
          fault: incident.fault_id ?? incident.fault_code,
          severity: incident.severity,
          fingerprint: incident.fingerprint,
          words: wordsOf(incident),
          owner,
          data: toJson(value),
        };
        const { id, service, opened_at } = incident;
        await tx.db
          .insertInto('incident')
          .values({ ...row, id, service, opened_at, story: value.key })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
        tx.append(event, { actor, subject: incident.id, data: { incident } });
      });
    },
    /** Open ones of these owners. */
    async openOf(isOwner: (owner: string) => boolean): Promise<StoredIncident[]> {
      const rows = await db.selectFrom('incident').selectAll().where('state', '!=', 'closed').execute();
      return rows.filter((row) => isOwner(row.owner)).map(stored);
    },
    /** Takes them over. */
    async take(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await db.updateTable('incident').set({ owner }).where('id', 'in', ids).execute();
    },
    /** Ids of the open ones that belong to others. */
    async foreign(): Promise<{ id: string; owner: string }[]> {
      return await db
        .selectFrom('incident')
        .select(['id', 'owner'])
        .where('state', '!=', 'closed')
        .where('owner', '!=', owner)
        .execute();
    },
    /** The open one of a story. */
    async openStory(story: string): Promise<StoredIncident | null> {
      const row = await db
        .selectFrom('incident')
        .selectAll()
        .where('story', '=', story)
        .where('state', '!=', 'closed')
        .orderBy('opened_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? stored(row) : null;
    },
    /** Closed since a time by these owners: the last of each story is what a recurrence goes on with. */
    async closedSince(since: number, isOwner: (owner: string) => boolean): Promise<StoredIncident[]> {
      const rows = await db
        .selectFrom('incident')
        .selectAll()
        .where('state', '=', 'closed')
        .where('closed_at', '>=', since)
        .orderBy('closed_at', 'asc')
        .execute();
      return rows.filter((row) => isOwner(row.owner)).map(stored);
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
      if (filter.target !== undefined) query = query.where('service', '=', filter.target);
      if (filter.fault !== undefined) query = query.where('fault', '=', filter.fault);
      if (filter.severity !== undefined) query = query.where('severity', '=', filter.severity);
      if (filter.before !== undefined) query = query.where('opened_at', '<', filter.before);
      if (filter.search !== undefined) {
        const wanted = `%${literal(filter.search)}%`;
        query = query.where(sql<boolean>`words like ${wanted} escape '\\'`);
      }
      const { after } = filter;
      if (after) {
        query = query.where(({ or, and, eb }) =>
          or([
            eb('opened_at', '<', after.openedAt),
            and([eb('opened_at', '=', after.openedAt), eb('id', '<', after.id)]),
          ]),
        );
      }
      const rows = await query
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(filter.limit)
        .execute();
      return rows.map((row) => stored(row).incident);
    },
    /** Earlier incidents of a fingerprint in sentences, newest first. */
    async historyOf(fingerprint: string): Promise<string[]> {
      const rows = await db
        .selectFrom('incident')
        .select('data')
        .where('fingerprint', '=', fingerprint)
        .where('state', '=', 'closed')
        .orderBy('opened_at', 'desc')
        .limit(5)
        .execute();
      return rows.map((row) => {
        const { incident, tried } = stored(row);
        const what = tried.flatMap(({ steps }) => steps.map(({ action }) => action)).join(', ') || 'nothing';
        return `${incident.title}: tried ${what}, ended ${incident.outcome ?? 'unknown'}`;
      });
    },
    /** Faults and targets that have incidents: what can be filtered by. At most 200 of each. */
    async facets(): Promise<{ faults: string[]; targets: string[] }> {
      const distinct = async (column: 'fault' | 'service') => {
        const rows = await db
          .selectFrom('incident')
          .select(`${column} as name`)
          .distinct()
          .orderBy('name')
          .limit(200)
          .execute();
        return rows.map(({ name }) => name);
      };
      const [faults, targets] = await Promise.all([distinct('fault'), distinct('service')]);
      return { faults: faults.filter((fault) => fault !== ''), targets };
    },
  };
}

export type IncidentStore = ReturnType<typeof createIncidentStore>;
