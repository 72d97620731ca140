import { sql, type Kysely } from 'kysely';
import type { SessionEvent } from '@vigiles/contract';
import type { CleanJson } from '../core/clean-data.ts';
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

type Rows = Kysely<SessionTables>;

/** The wanted events of a stretch of the log, without their payloads: those of the others are never read. */
async function lookFor(
  db: Rows,
  sessionId: string,
  afterSeq: number,
  count: number,
  types: readonly string[],
): Promise<{ wanted: number[]; nextSeq: number; more: boolean }> {
  const base = db
    .selectFrom('session_event')
    .where('session_id', '=', sessionId)
    .where('seq', '>', afterSeq)
    .orderBy('seq');
  if (types.length === 1 && types[0] === 'file:*') {
    // Word for word what the index `session_file_event` says, and nothing that it has not: only then is it used.
    const isFile = sql<boolean>`substr(type, 1, 5) = 'file:'`;
    const found = await base.select('seq').where(isFile).limit(count).execute();
    const wanted = found.map(({ seq }) => seq);
    return { wanted, nextSeq: wanted.at(-1) ?? afterSeq, more: wanted.length === count };
  }
  const looked = await base.select(['seq', 'type']).limit(maxScan).execute();
  const wanted: number[] = [];
  for (const { seq, type } of looked) {
    if (!wantsType(types, type)) continue;
    wanted.push(seq);
    if (wanted.length === count) return { wanted, nextSeq: seq, more: true };
  }
  return { wanted, nextSeq: looked.at(-1)?.seq ?? afterSeq, more: looked.length === maxScan };
}

/** A page of one session's log, in order. @param clean takes secrets out of JSON text */
export async function readEvents(
  db: Rows,
  sessionId: string,
  { afterSeq, limit, types }: ReadRange,
  clean: CleanJson,
): Promise<EventPage> {
  // Once more on the way out: what is a secret now may not have been one when it was said.
  const cleanEvent = (row: SessionTables['session_event']): SessionEvent =>
    eventOf({ ...row, payload: clean(row.payload) });
  const count = Math.min(maxLimit, Math.max(1, Math.trunc(limit)));
  const all = db.selectFrom('session_event').selectAll().where('session_id', '=', sessionId).orderBy('seq');
  if (types === undefined) {
    const rows = await all.where('seq', '>', afterSeq).limit(count).execute();
    const more = rows.length === count;
    return { events: rows.map(cleanEvent), nextSeq: rows.at(-1)?.seq ?? afterSeq, more };
  }
  const { wanted, nextSeq, more } = await lookFor(db, sessionId, afterSeq, count, types);
  if (wanted.length === 0) return { events: [], nextSeq, more };
  const rows = await all.where('seq', 'in', wanted).execute();
  return { events: rows.map(cleanEvent), nextSeq, more };
}
