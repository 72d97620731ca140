import type { Kysely } from 'kysely';
import type { SessionEvent } from '@vigiles/contract';
import type { SessionTables } from '../tables.ts';

export interface ReadRange {
  /** Exclusive. */
  afterSeq: number;
  /** At most this many, 1 to 500. */
  limit: number;
  /** Exact types, or `topic:*`. */
  types?: readonly string[];
}

export interface EventPage {
  events: SessionEvent[];
  /** Send it as `afterSeq` to read on. */
  nextSeq: number;
  more: boolean;
}

const maxLimit = 500;
/** Rows looked at for one page: a rare type does not make one read go through a whole log. */
const maxScan = 5_000;

export const eventOf = (row: SessionTables['session_event']): SessionEvent => ({
  session_id: row.session_id,
  seq: row.seq,
  event_id: row.event_id,
  ts: row.ts,
  type: row.type,
  actor: row.actor,
  command_id: row.command_id,
  data: JSON.parse(row.payload) as Record<string, unknown>,
});

/** Whether a type is among the wanted ones; `skill:*` is every type of that topic. */
export const wantsType = (types: readonly string[] | undefined, type: string): boolean =>
  types === undefined ||
  types.some((wanted) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type));

/** A page of one session's log, in order. */
export async function readEvents(
  db: Kysely<SessionTables>,
  sessionId: string,
  { afterSeq, limit, types }: ReadRange,
): Promise<EventPage> {
  const count = Math.min(maxLimit, Math.max(1, Math.trunc(limit)));
  const base = db
    .selectFrom('session_event')
    .where('session_id', '=', sessionId)
    .where('seq', '>', afterSeq)
    .orderBy('seq');
  if (types === undefined) {
    const rows = await base.selectAll().limit(count).execute();
    const more = rows.length === count;
    return { events: rows.map(eventOf), nextSeq: rows.at(-1)?.seq ?? afterSeq, more };
  }
  // Without their payloads: those of events that are not wanted are never read.
  const looked = await base.select(['seq', 'type']).limit(maxScan).execute();
  const wanted: number[] = [];
  let nextSeq = looked.at(-1)?.seq ?? afterSeq;
  let more = looked.length === maxScan;
  for (const { seq, type } of looked) {
    if (!wantsType(types, type)) continue;
    wanted.push(seq);
    if (wanted.length < count) continue;
    nextSeq = seq;
    more = true;
    break;
  }
  if (wanted.length === 0) return { events: [], nextSeq, more };
  const rows = await db
    .selectFrom('session_event')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('seq', 'in', wanted)
    .orderBy('seq')
    .execute();
  return { events: rows.map(eventOf), nextSeq, more };
}
