import type { WebSocket } from 'ws';
import { allows, type Identity } from '@vigiles/contract';
import { toFault } from '../../kernel/fault.ts';
import { envelopeOf, scopeFault } from '../../platform/http/index.ts';
import { wsOutlet } from '../../platform/socket/index.ts';
import { createPace } from './core/pace.ts';
import { wsCall } from './core/ws-message.ts';
import { guestOf } from './guest.ts';
import { tooManySubscriptions, type EventsKit } from './kit.ts';
import { subscribe } from './subscription.ts';
import { SubscribeMessage, wishOf } from './wish.ts';

const asObject = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};

type Acknowledgement = ((answer: object) => void) & { id: string | number };

const idOf = (ack: unknown): { id?: string | number } =>
  typeof ack === 'function' && 'id' in ack ? { id: (ack as Acknowledgement).id } : {};

/** One plain WebSocket client: JSON messages with a `type`, both ways. */
export function serveWs(kit: EventsKit, ws: WebSocket, identity: Identity, early: readonly string[]): void {
  const { hub, events, clock, version } = kit;
  const pace = createPace();
  const client = hub.join(wsOutlet(ws), identity);
  const send = (message: object): void => {
    if (ws.readyState === ws.OPEN)
      ws.send(JSON.stringify({ ...message, timestamp: new Date(clock.now()).toISOString() }));
  };
  const refuse = (error: string, code = 'invalid_request') =>
    send({ type: 'error', success: false, error, code });

  /** Answers that have no name of their own carry the `id` of their message, and so do those that have one. */
  const acknowledgement = (id: string | number): Acknowledgement =>
    Object.assign((answer: object) => send({ type: 'ack', ...answer, id }), { id });

  const guest = guestOf(hub, client, {
    sessionId: null,
    reply: (name, answer, ack) => send({ type: name, ...answer, ...idOf(ack) }),
  });
  const visits = kit.doors.map((door) => door.enter(guest));

  const follow = async (message: Record<string, unknown>): Promise<void> => {
    const waitMs = pace(clock.monotonic());
    if (waitMs > 0) return send({ type: 'error', ...envelopeOf(tooManySubscriptions(waitMs), clock.now()) });
    const { id } = wsCall(message);
    const ack = id === null ? undefined : acknowledgement(id);
    if (visits.some((visit) => visit.subscribe(message, ack))) return undefined;
    const lacking = scopeFault(identity, 'read');
    if (lacking) return send({ type: 'error', ...envelopeOf(lacking, clock.now()) });
    const parsed = SubscribeMessage.safeParse(message);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return refuse(`subscribe.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
    }
    return subscribe({ events, hub }, client, wishOf(parsed.data), ({ headSeq, reset, oldestSeq }) =>
      send({
        type: 'subscribed',
        head_seq: headSeq,
        oldest_seq: oldestSeq,
        reset,
        session_id: null,
      }),
    );
  };
  const heard = (text: string): void => {
    const message = asObject(text);
    if (!message) return refuse('A message has to be a JSON object with a type.');
    if (message['type'] === 'ping') return send({ type: 'pong' });
    const { name, payload, id } = wsCall(message);
    if (name !== 'subscribe') {
      // `hasOwn`: a client chooses the name, and `constructor` is one.
      const hear = visits.find((visit) => Object.hasOwn(visit.heard, name))?.heard[name];
      if (!hear) return refuse(`Unknown message type: ${name}`, 'unknown_type');
      return hear(payload, id === null ? undefined : acknowledgement(id));
    }
    follow(message).catch((thrown: unknown) => {
      kit.log.error({ err: thrown }, 'a subscription failed');
      send({ type: 'error', ...envelopeOf(toFault(thrown), clock.now()) });
    });
    return undefined;
  };

  // The seed's clients never ask for anything: health is what they came for. A first `subscribe` replaces it.
  const health = { lastSeq: null, filter: { types: new Set<never>() }, topics: ['health.snapshot'] as const };
  if (allows(identity, 'read')) {
    subscribe({ events, hub }, client, health, () => undefined).catch((thrown: unknown) => {
      kit.log.error({ err: thrown }, 'a subscription failed');
    });
  }
  /** Nothing that a client says ends more than its own message. */
  const listen = (text: string): void => {
    try {
      heard(text);
    } catch (thrown) {
      kit.log.error({ err: thrown }, 'a message could not be heard');
      send({ type: 'error', ...envelopeOf(toFault(thrown), clock.now()) });
    }
  };
  ws.on('message', (data: Buffer) => listen(data.toString()));
  ws.on('close', () => {
    for (const visit of visits) visit.left();
    hub.leave(client);
  });
  send({ type: 'connected', server_version: version, seq: hub.givenSeq });
  for (const text of early) listen(text);
}
