import { toFault } from '../../../kernel/fault.ts';
import { envelopeOf } from '../../../platform/http/index.ts';
import type { Guest } from '../../events/index.ts';
import { CliEvent, newEventOf } from './cli-event.ts';
import { timestamp, type SocketDeps } from './deps.ts';

/** Events of one connection that may wait to be stored; past it the producer is told to slow down. */
const maxWaiting = 5_000;

/**
 * The seed's `cli_event`: stored first, then given to everybody who follows the session. Success is told to the
 * acknowledgement only, as the seed tells nothing; a refusal is an `error` as well.
 */
export function createProducer(deps: SocketDeps, guest: Guest, bound: () => string | null) {
  let waiting = 0;
  const refuse = (error: string, code: string, ack: unknown, more: object = {}): void =>
    guest.reply('error', { success: false, error, code, ...more, timestamp: timestamp(deps) }, ack);

  return async (payload: unknown, ack: unknown): Promise<void> => {
    const parsed = CliEvent.safeParse(payload);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(
        `cli_event.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
        'invalid_request',
        ack,
      );
    }
    const sessionId = parsed.data.session_id ?? bound();
    if (!sessionId) return refuse('session_id is required', 'invalid_request', ack);
    if (waiting >= maxWaiting)
      return refuse('Too many events wait to be stored; send them again.', 'sessions_busy', ack, {
        details: { retry_after_seconds: 1 },
      });
    waiting += 1;
    try {
      const [stored] = await deps.sessions.produce(guest.identity, sessionId, [newEventOf(parsed.data)]);
      if (typeof ack === 'function') {
        const answer = { success: true, session_id: sessionId, ...stored, timestamp: timestamp(deps) };
        (ack as (given: object) => void)(answer);
      }
    } catch (thrown) {
      guest.reply('error', envelopeOf(toFault(thrown), deps.clock.now()), ack);
    } finally {
      waiting -= 1;
    }
    return undefined;
  };
}
