import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import type { EventData, EventType, SessionEvent, VigilesConfig } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/fault.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { RunSql } from '../../platform/store/writer.ts';
import { cleanData, type CleanJson } from './core/clean-data.ts';
import { effectOf } from './core/effects.ts';
import { notWritten, sessionNotFound } from './faults.ts';
import { appendBatch } from './log/append-batch.ts';
import type { FanOut } from './log/fan-out.ts';
import type { StagedBatch, StagedEvent } from './core/staged-event.ts';
import type { SessionRow, SessionTables } from './tables.ts';
import { tellOthers } from './log/tell-others.ts';

export interface SessionsDeps {
  store: Store;
  events: EventLog;
  clock: Clock;
  newId: NewId;
  log: Log;
  config(): VigilesConfig;
  /** JSON text that others said, without known secrets and tokens: for what is kept and shown. The same text where there are none. */
  clean: CleanJson;
  /** Told of every step of a command to a session, once it is stored. */
  commandLog?(step: CommandStepRecord): void;
}

/** A step of a command, for the log of commands. */
export interface CommandStepRecord {
  session_id: string;
  tenant: string;
  command_id: string;
  type: string;
  state: string;
  /** Who gave it, and who did this step: a device, a lease's holder, `system`. */
  actor: string;
  by: string;
  note: string;
  /** With its first step. */
  args?: unknown;
}

/** What is said in a session's log by the server itself. */
export interface Saying {
  actor: string;
  commandId?: string;
}

/** One durable transaction over sessions, their logs and the event log. */
export interface SessionTx {
  db: Transaction<SessionTables>;
  /** The session, locked until the end; raises `session_not_found`. */
  session(sessionId: string): Promise<SessionRow>;
  /** Appends to a session's log. @returns its seq */
  say(sessionId: string, type: string, data: Record<string, unknown>, by: Saying): Promise<number>;
  /** The same with events that were prepared. */
  sayAll(
    sessionId: string,
    staged: readonly StagedEvent[],
    whose?: Pick<StagedBatch, 'saidBy'>,
  ): ReturnType<typeof appendBatch>;
  /** As the one of `SessionsDeps`. */
  clean: CleanJson;
  /** Writes a step into the log of commands, after the commit. */
  note(step: Omit<CommandStepRecord, 'tenant'>): void;
  /** Appends to the event log, which people are told from. */
  tell<T extends EventType>(type: T, actor: string, subject: string, data: EventData<T>): void;
}

export interface SessionsKit extends SessionsDeps {
  db: Kysely<SessionTables>;
  fanOut: FanOut;
  transact<R>(work: (tx: SessionTx) => Promise<R>): Promise<R>;
}

/** Plain statements inside a Kysely transaction. */
export const runIn =
  (trx: Transaction<SessionTables>): RunSql =>
  async (sql, parameters) =>
    (await trx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql, [...parameters]))).rows;

/** An event with its place. Its data is read when somebody looks: of most events nobody who is here does. */
export function placed(sessionId: string, seq: number, staged: StagedEvent): SessionEvent {
  const { eventId: event_id, ts, type, actor, commandId: command_id, payload } = staged;
  let data: Record<string, unknown> | undefined;
  return {
    session_id: sessionId,
    seq,
    event_id,
    ts,
    type,
    actor,
    command_id,
    get data() {
      return (data ??= JSON.parse(payload) as Record<string, unknown>);
    },
  };
}

/** Transactions that change sessions and say so in their logs; what was said goes out after the commit. */
export function createTransact(deps: SessionsDeps, fanOut: FanOut): SessionsKit['transact'] {
  const { store, events, clock, newId } = deps;
  return async <R>(work: (tx: SessionTx) => Promise<R>): Promise<R> => {
    const said: SessionEvent[] = [];
    const noted: CommandStepRecord[] = [];
    const tenants = new Map<string, string>();
    const result = await events.transaction<SessionTables, R>(
      async (tx) => {
        const run = runIn(tx.db);
        const sayAll: SessionTx['sayAll'] = async (sessionId, staged, whose = {}) => {
          // Whoever listens misses nothing of what is written from here on.
          await fanOut.follow(sessionId);
          const batch = { sessionId, at: clock.now(), events: staged, ...whose };
          const written = await appendBatch(run, store.dialect, batch, newId);
          if (written.gone) raise(notWritten(sessionId, written));
          for (const [i, { seq, duplicate }] of written.seqs.entries()) {
            const event = staged[i];
            if (event && !duplicate) said.push(placed(sessionId, seq, event));
          }
          for (const { seq, event } of written.added) said.push(placed(sessionId, seq, event));
          return written;
        };
        const done = await work({
          db: tx.db,
          async session(sessionId) {
            const row = await tx.db
              .selectFrom('session')
              .selectAll()
              .where('session_id', '=', sessionId)
              .forUpdate()
              .executeTakeFirst();
            if (row) tenants.set(sessionId, row.tenant);
            return row ?? raise(sessionNotFound(sessionId));
          },
          async say(sessionId, type, said, { actor, commandId }) {
            const data = cleanData(deps.clean, said);
            const written = await sayAll(sessionId, [
              {
                eventId: newId('sev'),
                ts: clock.now(),
                type,
                actor,
                commandId: commandId ?? null,
                payload: JSON.stringify(data),
                chosen: false,
                effect: effectOf(type, data),
              },
            ]);
            return written.gone ? 0 : (written.seqs[0]?.seq ?? 0);
          },
          sayAll,
          clean: deps.clean,
          note: (step) => noted.push({ ...step, tenant: tenants.get(step.session_id) ?? '' }),
          tell: (type, actor, subject, data) =>
            tx.append(type, { actor, subject, data: cleanData(deps.clean, data) }),
        });
        if (said.length > 0) await tellOthers(run, store);
        return done;
      },
      { durable: true },
    );
    const bySession = new Map<string, SessionEvent[]>();
    for (const event of said)
      bySession.set(event.session_id, [...(bySession.get(event.session_id) ?? []), event]);
    for (const [sessionId, list] of bySession)
      fanOut.offer(
        sessionId,
        list.toSorted((a, b) => a.seq - b.seq),
      );
    for (const step of noted) deps.commandLog?.(step);
    return result;
  };
}
