import type { Kysely } from 'kysely';
import type { VigilesEvent } from '@vigiles/contract';
import type { EventFilter } from './event-log.ts';
import type { EventLogTables } from './tables.ts';

const maxLimit = 500;

/** Events after `afterSeq`, in order. */
export async function readEvents(db: Kysely<EventLogTables>, filter: EventFilter): Promise<VigilesEvent[]> {
  if (filter.types?.length === 0) return [];
  const limit = Math.min(maxLimit, Math.max(1, Math.trunc(filter.limit)));
  let query = db
    .selectFrom('event')
    .selectAll()
    .where('seq', '>', filter.afterSeq)
    .orderBy('seq')
    .limit(limit);
  if (filter.types) query = query.where('type', 'in', [...filter.types]);
  if (filter.subject !== undefined) query = query.where('subject', '=', filter.subject);
  const rows = await query.execute();
  return rows.map(({ seq, id, type, ts, actor, subject, data }) => {
    return { seq, id, type, ts, actor, subject, data: JSON.parse(data) } as VigilesEvent;
  });
}

/** The lowest `seq` that is kept; one above the head when none is. */
export async function oldestSeq(db: Kysely<EventLogTables>): Promise<number> {
  // First the head: an event appended in between is then at or below what is answered.
  const head = await headSeq(db);
  const row = await db.selectFrom('event').select('seq').orderBy('seq').limit(1).executeTakeFirst();
  return row?.seq ?? head + 1;
}

/** The highest `seq` committed so far, pruned or not; 0 when there was none. */
export async function headSeq(db: Kysely<EventLogTables>): Promise<number> {
  const row = await db.selectFrom('event_head').select('seq').where('id', '=', 1).executeTakeFirst();
  return row?.seq ?? 0;
}
