import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NewSessionEvent } from '@vigiles/contract';
import { toFault } from '../../../kernel/fault.ts';
import { isTooDeep, tooDeep } from '../../../kernel/nesting.ts';
import { envelopeOf } from '../../../platform/http/index.ts';
import type { Guest } from '../../events/index.ts';
import { CliEvent, newEventOf, ordinaryCliEvent } from './cli-event.ts';
import { timestamp, type SocketDeps } from './deps.ts';

/** Events of one connection that may wait to be stored; past it the producer is told to slow down. */
const maxWaiting = 5_000;
/** Of one connection, stored in one go. */
const maxTogether = 200;
/** Sessions whose admission one connection remembers. */
const maxAdmitted = 100;

interface Said {
  sessionId: string;
  event: NewSessionEvent;
  ack: unknown;
}

/**
 * The seed's `cli_event`: stored first, then given to everybody who follows the session. What comes in one turn is stored
 * together, in its order. Success is told to the acknowledgement only, as the seed tells nothing; a refusal
 * is an `error` as well.
 */
export function createProducer(deps: SocketDeps, guest: Guest, bound: () => string | null) {
  let waiting: Said[] = [];
  let storing = 0;
  let running = false;
  const refuse = (error: string, code: string, ack: unknown, more: object = {}): void =>
    guest.reply('error', { success: false, error, code, ...more, timestamp: timestamp(deps) }, ack);

  const answered = (ack: unknown, more: object, at: string): void => {
    if (typeof ack === 'function')
      (ack as (given: object) => void)({ success: true, ...more, timestamp: at });
  };
  /** Sessions it was admitted to, none of which is gone since: whether it may still reach one is asked where it is written. */
  const admitted = new Set<string>();
  let deletions = deps.hall.deletions;
  const admit = async (sessionId: string): Promise<void> => {
    if (deletions !== deps.hall.deletions || admitted.size >= maxAdmitted) admitted.clear();
    deletions = deps.hall.deletions;
    if (admitted.has(sessionId)) return;
    await deps.sessions.admit(guest.identity, sessionId);
    admitted.add(sessionId);
  };
  const sample = async (sessionId: string, event: CliEvent, ack: unknown): Promise<void> => {
    const { event_type: type, data, key } = event;
    try {
      await deps.sessions.sample(guest.identity, sessionId, { type, data: data ?? {}, key: key ?? '' });
      answered(ack, { session_id: sessionId }, timestamp(deps));
    } catch (thrown) {
      guest.reply('error', envelopeOf(toFault(thrown), deps.clock.now()), ack);
    }
  };

  const refuseAll = (said: readonly Said[], thrown: unknown): void => {
    for (const { ack } of said) guest.reply('error', envelopeOf(toFault(thrown), deps.clock.now()), ack);
  };
  const store = async (sessionId: string, said: readonly Said[]): Promise<void> => {
    storing += said.length;
    try {
      const stored = await deps.sessions.append(
        guest.identity,
        sessionId,
        said.map(({ event }) => event),
      );
      const at = timestamp(deps);
      for (const [i, { ack }] of said.entries()) {
        const one = stored[i];
        if (one?.ok) answered(ack, { session_id: sessionId, ...one.value }, at);
        else if (one) guest.reply('error', envelopeOf(one.fault, deps.clock.now()), ack);
      }
    } catch (thrown) {
      refuseAll(said, thrown);
    } finally {
      storing -= said.length;
    }
  };
  const run = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      await nextTurn();
      const said = waiting.slice(0, maxTogether);
      waiting = waiting.slice(maxTogether);
      for (const [sessionId, own] of Map.groupBy(said, (each) => each.sessionId)) {
        const refused = await admit(sessionId).then(
          () => null,
          (thrown: unknown) => ({ thrown }),
        );
        // Not waited for: what is said next is stored after it in any case, perhaps in the same write.
        if (refused) refuseAll(own, refused.thrown);
        else void store(sessionId, own);
      }
    }
    running = false;
  };

  return (payload: unknown, ack: unknown): void => {
    const ordinary = ordinaryCliEvent(payload);
    const parsed = ordinary ? null : CliEvent.safeParse(payload);
    if (parsed && !parsed.success) {
      const [issue] = parsed.error.issues;
      const where = `cli_event.${issue?.path.join('.') ?? ''}`;
      return refuse(`${where}: ${issue?.message ?? 'not valid'}`, 'invalid_request', ack);
    }
    const said = ordinary ?? (parsed?.data as CliEvent);
    // Here, and not where it is stored: there it would take others with it.
    if (isTooDeep(said.data)) {
      const { message, code } = tooDeep();
      return refuse(message, code, ack);
    }
    const sessionId = said.session_id ?? bound();
    if (!sessionId) return refuse('session_id is required', 'invalid_request', ack);
    if (said.volatile) {
      void sample(sessionId, said, ack);
      return undefined;
    }
    if (waiting.length + storing >= maxWaiting)
      return refuse('Too many events wait to be stored; send them again.', 'sessions_busy', ack, {
        details: { retry_after_seconds: 1 },
      });
    waiting.push({ sessionId, event: newEventOf(said), ack });
    if (!running) void run();
    return undefined;
  };
}
