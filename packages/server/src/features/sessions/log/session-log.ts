import type { AppendedEvent, Decision, NewDecision, NewSessionEvent, SessionEvent } from '@vigiles/contract';
import { failed, ok, raise, toFault, type Result } from '../../../kernel/fault.ts';
import { isWeighty, stageEvents } from '../core/stage-events.ts';
import { sessionNotFound } from '../faults.ts';
import { placed, type SessionsKit, type SessionTx } from '../kit.ts';
import type { SessionRow } from '../tables.ts';
import type { AppendQueue } from './append-queue.ts';
import { readEvents, type EventPage, type ReadRange } from './read-events.ts';
import type { Reaches, StagedEvent, WrittenBatch } from '../core/staged-event.ts';

/** Who appends. `trusted`: the server's own adapters, which may write what only the server writes. */
export interface Producer {
  actor: string;
  /** Ids that it chooses are unique among its own. */
  producer: string;
  trusted?: boolean;
  /** Absent: every session. */
  reaches?: Reaches;
}

/** What follows from events that are more than a line in the log. */
export interface WeightyEvents {
  decision(tx: SessionTx, session: SessionRow, data: NewDecision, actor: string): Promise<Decision>;
  happened(tx: SessionTx, session: SessionRow, event: SessionEvent): Promise<void>;
}

/** Appending to sessions' logs and reading them. */
export function createSessionLog(kit: SessionsKit, queue: AppendQueue, weighty: WeightyEvents) {
  const { clock, config, newId, transact, fanOut, db } = kit;

  /** Written with everything that follows from it, in one transaction of its own. */
  const writeWeighty = (
    sessionId: string,
    staged: readonly StagedEvent[],
    reaches: Reaches | undefined,
  ): Promise<WrittenBatch> =>
    transact(async (tx) => {
      const session = await tx.session(sessionId);
      if (reaches && !reaches(session)) return { gone: true };
      const written = await tx.sayAll(sessionId, staged);
      if (written.gone) return written;
      for (const [i, { seq, duplicate }] of written.seqs.entries()) {
        const event = staged[i];
        if (!event || duplicate || !isWeighty(event.type)) continue;
        const full = placed(sessionId, seq, event);
        if (event.type === 'decision:point')
          await weighty.decision(tx, session, full.data as unknown as NewDecision, event.actor);
        else await weighty.happened(tx, session, full);
      }
      return written;
    });

  const stage = (batch: readonly NewSessionEvent[], { actor, producer, trusted = false }: Producer) =>
    stageEvents(batch, {
      actor,
      producer,
      nowMs: clock.now(),
      newId,
      maxBytes: config().sessions.max_event_kb * 1024,
      trusted,
      clean: kit.clean,
    });

  /** In the queue when this returns: what is stored next comes after it. */
  async function store(sessionId: string, given: readonly StagedEvent[], { reaches }: Producer) {
    // A decision needs an id before it is in the log.
    const staged = given.map((event) => (event.type === 'decision:point' ? withDecisionId(event) : event));
    const written = staged.some(({ type }) => isWeighty(type))
      ? await queue.alone(() => writeWeighty(sessionId, staged, reaches))
      : await queue.append({ sessionId, at: clock.now(), events: staged, ...(reaches ? { reaches } : {}) });
    if (written.gone) return raise(sessionNotFound(sessionId));
    const events = written.seqs.map(({ seq, duplicate }, i) => ({
      event_id: staged[i]?.eventId ?? '',
      seq,
      duplicate,
    }));
    return { events, headSeq: written.headSeq };
  }

  return {
    /**
     * Resolves when every event is on disk. A `local_id` that this producer used before is answered with where its
     * event stands. Raises `session_not_found`, `event_too_large`, `reserved_type`, `sessions_busy`.
     */
    async append(
      sessionId: string,
      batch: readonly NewSessionEvent[],
      by: Producer,
    ): Promise<{ events: AppendedEvent[]; headSeq: number }> {
      const staging = stage(batch, by);
      return staging.ok ? store(sessionId, staging.value, by) : raise(staging.fault);
    },

    /**
     * The same, each event for itself: one that cannot be taken takes no other with it, and what is appended next comes after
     * all of these. What everybody waits for anyway is stored in one go; what has consequences that may fail, by itself.
     */
    async appendEach(
      sessionId: string,
      batch: readonly NewSessionEvent[],
      by: Producer,
    ): Promise<Result<AppendedEvent>[]> {
      const results: Result<AppendedEvent>[] = [];
      const parts: { places: number[]; events: StagedEvent[] }[] = [];
      let open: (typeof parts)[number] | null = null;
      for (const [place, given] of batch.entries()) {
        const staging = stage([given], by);
        const [event] = staging.ok ? staging.value : [];
        if (!event) {
          if (!staging.ok) results[place] = staging;
        } else if (isWeighty(event.type)) {
          parts.push({ places: [place], events: [event] });
          open = null;
        } else {
          if (!open) parts.push((open = { places: [], events: [] }));
          open.places.push(place);
          open.events.push(event);
        }
      }
      await Promise.all(
        parts.map(async ({ places, events }) => {
          const stored = await store(sessionId, events, by).then(ok, (thrown: unknown) =>
            failed(toFault(thrown)),
          );
          for (const [i, place] of places.entries()) {
            const one = stored.ok ? stored.value.events[i] : undefined;
            if (one) results[place] = ok(one);
            else if (!stored.ok) results[place] = stored;
          }
        }),
      );
      return results;
    },

    async read(sessionId: string, range: ReadRange): Promise<EventPage> {
      // Whoever listens and then reads gets each event at least once.
      if (fanOut.listening(sessionId)) await fanOut.follow(sessionId);
      return readEvents(db, sessionId, range, kit.clean);
    },
  };

  function withDecisionId(event: StagedEvent): StagedEvent {
    const data = JSON.parse(event.payload) as Record<string, unknown>;
    if (typeof data['decision_id'] === 'string') return event;
    return { ...event, payload: JSON.stringify({ decision_id: newId('dec'), ...data }) };
  }
}

export type SessionLog = ReturnType<typeof createSessionLog>;
