import type { SessionPhase, SessionStatus } from '@vigiles/contract';
import type { RunSql } from '../../../platform/store/writer.ts';
import { saysHowItStands } from '../core/fence.ts';
import { applyEffect, contradicts, effectOf, type SessionState } from '../core/effects.ts';
import type { Owned } from '../core/owned.ts';
import type { StagedBatch, StagedEvent, WrittenBatch } from '../core/staged-event.ts';

type Dialect = 'sqlite' | 'postgres';

/** Rows per statement, largest first: few distinct texts, so that prepared statements are found again. */
const chunkSizes = [64, 16, 4, 1] as const;
const columns = ['session_id', 'seq', 'event_id', 'ts', 'type', 'actor', 'command_id', 'payload'] as const;
const stateColumns = [
  'status',
  'phase',
  'phase_reason',
  'title',
  'progress',
  'current_skill',
  'cost_microusd',
  'tokens_input',
  'tokens_cached',
  'tokens_output',
] as const;

/** `count` placeholders from number `from` (1 is the first). */
const marks = (dialect: Dialect, count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => (dialect === 'postgres' ? `$${from + i}` : '?')).join(',');

const texts = new Map<string, string>();
/** Statements by what they depend on: building their text costs more than running them. */
function text(key: string, build: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const built = build();
  texts.set(key, built);
  return built;
}

const insertText = (dialect: Dialect, rows: number): string =>
  text(`insert ${dialect} ${rows}`, () => {
    const groups = Array.from(
      { length: rows },
      (_, row) => `(${marks(dialect, columns.length, 1 + row * columns.length)})`,
    );
    return `insert into session_event (${columns.join(',')}) values ${groups.join(',')}`;
  });

const updateText = (dialect: Dialect): string =>
  text(`update ${dialect}`, () => {
    const set = ['head_seq', 'last_event_at', 'active_at', ...stateColumns];
    const mark = (i: number) => (dialect === 'postgres' ? `$${i + 1}` : '?');
    const assignments = set.map((name, i) => `${name} = ${mark(i)}`).join(', ');
    return `update session set ${assignments} where session_id = ${mark(set.length)}`;
  });

async function stored(
  run: RunSql,
  dialect: Dialect,
  sessionId: string,
  eventIds: readonly string[],
): Promise<Map<string, number>> {
  const known = new Map<string, number>();
  for (let from = 0; from < eventIds.length; from += 64) {
    const asked = eventIds.slice(from, from + 64);
    // Always 64 places: one text. The last id fills what is left.
    const filled = [...asked, ...Array.from({ length: 64 - asked.length }, () => asked[0])];
    const select = text(
      `stored ${dialect}`,
      () =>
        `select event_id, seq from session_event where session_id = ${marks(dialect, 1)} ` +
        `and event_id in (${marks(dialect, 64, 2)})`,
    );
    for (const row of await run(select, [sessionId, ...filled]))
      known.set(row['event_id'] as string, Number(row['seq']));
  }
  return known;
}

/** Who holds the session, where that is another device. */
async function otherHolder(
  run: RunSql,
  dialect: Dialect,
  { sessionId, at, saidBy }: StagedBatch,
): Promise<string | null> {
  const select = text(
    `holder ${dialect}`,
    () =>
      `select holder, device_id from session_lease where session_id = ${marks(dialect, 1)} and expires_at > ${marks(dialect, 1, 2)}`,
  );
  const lease = (await run(select, [sessionId, at]))[0];
  return !lease || lease['device_id'] === saidBy ? null : (lease['holder'] as string);
}

/** Where the log says that a halted agent works on. */
const stillRunning = (cause: StagedEvent, id: string): StagedEvent => ({
  eventId: id,
  ts: cause.ts,
  type: 'execution:still_running',
  actor: 'system',
  commandId: null,
  payload: JSON.stringify({ reason: `It was halted, and then came ${cause.type}`, event_id: cause.eventId }),
  chosen: false,
  effect: effectOf('execution:still_running', {}),
});

/**
 * Writes a batch into its session's log and moves the session on, inside a transaction that is open. The session's
 * row stays locked until the commit, which makes the order of `seq` the order of commits on both databases.
 * Events whose id is stored already are left out.
 */
export async function appendBatch(
  run: RunSql,
  dialect: Dialect,
  batch: StagedBatch,
  newId: (prefix: string) => string,
): Promise<WrittenBatch> {
  const { sessionId, at, events, reaches, saidBy } = batch;
  const lock = dialect === 'postgres' ? ' for update' : '';
  const select = text(
    `select ${dialect}`,
    () =>
      `select tenant, owner_device_id, head_seq, ${stateColumns.join(', ')} from session where session_id = ${marks(dialect, 1)}${lock}`,
  );
  const row = (await run(select, [sessionId]))[0];
  if (!row || (reaches && !reaches(row as unknown as Owned))) return { gone: true };
  let seq = Number(row['head_seq']);
  let state: SessionState = {
    ...(row as unknown as SessionState),
    status: row['status'] as SessionStatus,
    phase: row['phase'] as SessionPhase,
  };
  const chosen = events.flatMap(({ chosen: own, eventId }) => (own ? [eventId] : []));
  const known = chosen.length > 0 ? await stored(run, dialect, sessionId, chosen) : new Map<string, number>();
  const isNew = ({ chosen: own, eventId }: StagedEvent): boolean => !own || !known.has(eventId);
  if (saidBy !== undefined && events.some((event) => saysHowItStands(event.type) && isNew(event))) {
    const heldBy = await otherHolder(run, dialect, batch);
    if (heldBy !== null) return { gone: true, heldBy };
  }
  const seqs: { seq: number; duplicate: boolean }[] = [];
  const fresh: { seq: number; event: StagedEvent }[] = [];
  const added: { seq: number; event: StagedEvent }[] = [];
  for (const event of events) {
    const before = event.chosen ? known.get(event.eventId) : undefined;
    if (before !== undefined) {
      seqs.push({ seq: before, duplicate: true });
      continue;
    }
    seq += 1;
    if (event.chosen) known.set(event.eventId, seq);
    seqs.push({ seq, duplicate: false });
    fresh.push({ seq, event });
    if (!event.effect) continue;
    if (contradicts(state, event.effect)) {
      seq += 1;
      const told = { seq, event: stillRunning(event, newId('sev')) };
      fresh.push(told);
      added.push(told);
      if (told.event.effect) state = applyEffect(state, told.event.effect);
    }
    state = applyEffect(state, event.effect);
  }
  if (fresh.length === 0) return { gone: false, seqs, headSeq: seq, added };
  let done = 0;
  for (const size of chunkSizes) {
    for (; fresh.length - done >= size; done += size) {
      const parameters: unknown[] = [];
      for (let i = done; i < done + size; i += 1) {
        const { seq: place, event } = fresh[i] as (typeof fresh)[number];
        const { eventId, ts, type, actor, commandId, payload } = event;
        parameters.push(sessionId, place, eventId, ts, type, actor, commandId, payload);
      }
      await run(insertText(dialect, size), parameters);
    }
  }
  const values = stateColumns.map((name) => state[name]);
  await run(updateText(dialect), [seq, at, at, ...values, sessionId]);
  return { gone: false, seqs, headSeq: seq, added };
}
