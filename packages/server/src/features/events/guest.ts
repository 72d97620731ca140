import type { Identity } from '@vigiles/contract';
import { drained } from './drained.ts';
import type { Guest } from './door.ts';
import type { Client, Hub } from './hub.ts';

/** A client of the hub as other features meet it. */
export function guestOf(
  hub: Hub,
  client: Client,
  identity: Identity,
  more: Pick<Guest, 'sessionId' | 'reply'>,
): Guest {
  return {
    identity,
    transport: client.outlet.transport,
    ...more,
    send: (frame) => hub.deliver(client, frame),
    async drained() {
      if (!hub.has(client)) return false;
      if (!(await drained(client))) hub.drop(client, 'slow_consumer');
      return hub.has(client);
    },
  };
}
