import { drained } from './drained.ts';
import type { Guest } from './door.ts';
import type { Client, Hub } from './hub.ts';

/** A client of the hub as other features meet it. */
export function guestOf(hub: Hub, client: Client, more: Pick<Guest, 'sessionId' | 'reply'>): Guest {
  return {
    identity: client.identity,
    transport: client.outlet.transport,
    ...more,
    send: (frame) => hub.deliver(client, frame),
    sendLive: (frame) => hub.deliverLive(client, frame),
    drained: () => drained(hub, client),
  };
}
