import type { Socket } from 'socket.io';
import type { Identity } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { envelopeOf } from '../../platform/http/index.ts';
import { socketIoOutlet } from '../../platform/socket/index.ts';
import { createPace } from './core/pace.ts';
import { tooManySubscriptions, type EventsKit } from './kit.ts';
import { subscribe } from './subscription.ts';
import { SubscribeMessage, wishOf } from './wish.ts';

/** What this server can do, so that clients need not guess from its version. */
export const capabilities = ['events', 'resume', 'filters', 'topics', 'http_events', 'sse'];

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/**
 * One Socket.IO client. Results are events to the sender, as the seed's clients expect; an optional
 * acknowledgement gets the same object.
 */
export function serveSocket(kit: EventsKit, socket: Socket, identity: Identity): void {
  const { hub, events, clock, version } = kit;
  const pace = createPace();
  const client = hub.join(socketIoOutlet(socket), identity.deviceId);
  const now = (): string => new Date(clock.now()).toISOString();
  const { auth, query } = socket.handshake;
  const sessionId = text(auth['session_id']) ?? text(query['session_id']);

  const reply = (name: string, answer: object, ack: unknown): void => {
    socket.emit(name, answer);
    if (typeof ack === 'function') (ack as (given: object) => void)(answer);
  };
  const follow = async (payload: unknown, ack?: unknown): Promise<void> => {
    try {
      const waitMs = pace(clock.monotonic());
      if (waitMs > 0) return reply('error', envelopeOf(tooManySubscriptions(waitMs), clock.now()), ack);
      const parsed = SubscribeMessage.safeParse(payload ?? {});
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const error = `subscribe.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`;
        return reply('error', { success: false, error, code: 'invalid_request', timestamp: now() }, ack);
      }
      await subscribe({ events, hub }, client, wishOf(parsed.data), ({ headSeq, reset, oldestSeq }) => {
        const session_id = parsed.data.session_id ?? null;
        reply(
          'subscribed',
          { session_id, timestamp: now(), head_seq: headSeq, oldest_seq: oldestSeq, reset },
          ack,
        );
      });
    } catch (thrown) {
      kit.log.error({ err: thrown }, 'a subscription failed');
      reply('error', envelopeOf(toFault(thrown), clock.now()), ack);
    }
    return undefined;
  };

  socket.on('ping', (...given: unknown[]) => reply('pong', { timestamp: now() }, given.at(-1)));
  socket.on('subscribe', (...given: unknown[]) => {
    const payload = typeof given[0] === 'function' ? undefined : given[0];
    void follow(payload, given.at(-1));
  });
  socket.on('disconnect', () => hub.leave(client));

  socket.emit('connected', {
    server_version: version,
    timestamp: now(),
    session_id: sessionId,
    capabilities,
    seq: hub.givenSeq,
  });
  // The seed's clients name their session when they connect and never subscribe.
  if (sessionId) void follow({ session_id: sessionId });
}
