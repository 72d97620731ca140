import type { Socket } from 'socket.io';
import type { Identity } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { envelopeOf, scopeFault } from '../../platform/http/index.ts';
import { socketIoOutlet } from '../../platform/socket/index.ts';
import { createPace } from './core/pace.ts';
import { guestOf } from './guest.ts';
import { tooManySubscriptions, type EventsKit } from './kit.ts';
import { subscribe } from './subscription.ts';
import { SubscribeMessage, wishOf } from './wish.ts';

/** What this server can do, so that clients need not guess from its version. */
export const capabilities = ['events', 'resume', 'filters', 'topics', 'http_events', 'sse'];

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A message and its acknowledgement; either may be missing. */
const partsOf = (given: readonly unknown[]): { payload: unknown; ack: unknown } => ({
  payload: typeof given[0] === 'function' ? undefined : given[0],
  ack: given.at(-1),
});

/**
 * One Socket.IO client. Results are events to the sender, as the seed's clients expect; an optional
 * acknowledgement gets the same object.
 */
export function serveSocket(kit: EventsKit, socket: Socket, identity: Identity): void {
  const { hub, events, clock, version } = kit;
  const pace = createPace();
  const client = hub.join(socketIoOutlet(socket), identity);
  const now = (): string => new Date(clock.now()).toISOString();
  const { auth, query } = socket.handshake;
  const sessionId = text(auth['session_id']) ?? text(query['session_id']);

  const reply = (name: string, answer: object, ack?: unknown): void => {
    socket.emit(name, answer);
    if (typeof ack === 'function') (ack as (given: object) => void)(answer);
  };
  const guest = guestOf(hub, client, { sessionId, reply });
  const visits = kit.doors.map((door) => door.enter(guest));

  const follow = async (payload: unknown, ack: unknown): Promise<void> => {
    try {
      const waitMs = pace(clock.monotonic());
      if (waitMs > 0) return reply('error', envelopeOf(tooManySubscriptions(waitMs), clock.now()), ack);
      if (isObject(payload) && visits.some((visit) => visit.subscribe(payload, ack))) return undefined;
      const lacking = scopeFault(identity, 'read');
      if (lacking) return reply('error', envelopeOf(lacking, clock.now()), ack);
      const parsed = SubscribeMessage.safeParse(payload ?? {});
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const error = `subscribe.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
        return reply('error', { success: false, error, code: 'invalid_request', timestamp: now() }, ack);
      }
      await subscribe({ events, hub }, client, wishOf(parsed.data), ({ headSeq, reset, oldestSeq }) => {
        const answer = {
          session_id: null,
          timestamp: now(),
          head_seq: headSeq,
          oldest_seq: oldestSeq,
          reset,
        };
        reply('subscribed', answer, ack);
      });
    } catch (thrown) {
      kit.log.error({ err: thrown }, 'a subscription failed');
      reply('error', envelopeOf(toFault(thrown), clock.now()), ack);
    }
    return undefined;
  };

  socket.on('ping', (...given: unknown[]) => reply('pong', { timestamp: now() }, given.at(-1)));
  socket.on('subscribe', (...given: unknown[]) => {
    const { payload, ack } = partsOf(given);
    void follow(payload, ack);
  });
  for (const visit of visits) {
    for (const [name, hear] of Object.entries(visit.heard)) {
      socket.on(name, (...given: unknown[]) => {
        const { payload, ack } = partsOf(given);
        try {
          hear(payload, ack);
        } catch (thrown) {
          kit.log.error({ err: thrown }, 'a message could not be heard');
          reply('error', envelopeOf(toFault(thrown), clock.now()), ack);
        }
      });
    }
  }
  socket.on('disconnect', () => {
    for (const visit of visits) visit.left();
    hub.leave(client);
  });

  socket.emit('connected', {
    server_version: version,
    timestamp: now(),
    session_id: sessionId,
    capabilities: [...kit.doors.flatMap((door) => door.capabilities), ...capabilities],
    seq: hub.givenSeq,
  });
  for (const visit of visits) visit.greeted();
}
