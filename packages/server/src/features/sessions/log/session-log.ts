import type { AppendedEvent, Decision, NewDecision, NewSessionEvent, SessionEvent } from '@vigiles/contract';
import { failed, ok, raise, toFault, type Result } from '../../../kernel/fault.ts';
import { saysHowItStands } from '../core/fence.ts';
import { isWeighty, stageEvents } from '../core/stage-events.ts';
import { notWritten } from '../faults.ts';
import { placed, type SessionsKit, type SessionTx } from '../kit.ts';
import type { SessionRow } from '../tables.ts';
import type { AppendQueue } from './append-queue.ts';
import { readEvents, type EventPage, type ReadRange } from './read-events.ts';
import type { Reaches, StagedBatch, StagedEvent, WrittenBatch } from '../core/staged-event.ts';

/** Who appends. `trusted`: the server's own adapters, which may write what only the server writes. */
export interface Producer {
  actor: string;
  /** Ids that it chooses are unique among its own. */
  producer: string;
  trusted?: boolean;
  /** Absent: every session. */
  reaches?: Reaches;
}

const devicePrefix = 'device:';
/** The device whose word it is; nothing for the server's own. */
const whoseIs = ({ actor, trusted }: Producer): Pick<StagedBatch, 'saidBy'> =>
  !trusted && actor.startsWith(devicePrefix) ? { saidBy: actor.slice(devicePrefix.length) } : {};

/** Events that are stored together, and where each stood among all. */
interface Part {
  kind: 'weighty' | 'standing' | 'plain';
  places: number[];
  events: StagedEvent[];
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
    by: Producer,
  ): Promise<WrittenBatch> =>
    transact(async (tx) => {
      const session = await tx.session(sessionId);
      if (by.reaches && !by.reaches(session)) return { gone: true };
      const written = await tx.sayAll(sessionId, staged, whoseIs(by));
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
  async function store(sessionId: string, given: readonly StagedEvent[], by: Producer) {
    // A decision needs an id before it is in the log.
    const staged = given.map((event) => (event.type === 'decision:point' ? withDecisionId(event) : event));
    const written = staged.some(({ type }) => isWeighty(type))
      ? await queue.alone(() => writeWeighty(sessionId, staged, by))
      : await queue.append({
          sessionId,
          at: clock.now(),
          events: staged,
          ...whoseIs(by),
          ...(by.reaches ? { reaches: by.reaches } : {}),
        });
    if (written.gone) return raise(notWritten(sessionId, written));
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
     * event stands. Raises `session_not_found`, `event_too_large`, `reserved_type`, `held_by_other`, `sessions_busy`.
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
     * all of these. What everybody waits for anyway is stored in one go; what has consequences that may fail, by itself; what
     * only the holder may say, together.
     */
    async appendEach(
      sessionId: string,
      batch: readonly NewSessionEvent[],
      by: Producer,
    ): Promise<Result<AppendedEvent>[]> {
      const results: Result<AppendedEvent>[] = [];
      const parts: Part[] = [];
      for (const [place, given] of batch.entries()) {
        const staging = stage([given], by);
        const [event] = staging.ok ? staging.value : [];
        if (!event) {
          if (!staging.ok) results[place] = staging;
          continue;
        }
        const kind = isWeighty(event.type) ? 'weighty' : saysHowItStands(event.type) ? 'standing' : 'plain';
        const last = parts.at(-1);
        if (last?.kind === kind && kind !== 'weighty') {
          last.places.push(place);
          last.events.push(event);
        } else parts.push({ kind, places: [place], events: [event] });
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
