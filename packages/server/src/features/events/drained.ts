import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Hub } from './hub.ts';

/** A replay waits for a client that reads slowly, this long. */
const drainMs = 30_000;

/** Waits until the client has read most of what it was sent. Drops one that does not; false when it is gone. */
export async function drained(hub: Hub, client: Client): Promise<boolean> {
  const isFull = (): boolean => {
    const { bytes, packets } = client.outlet.waiting();
    return bytes > 512 * 1024 || packets > 1000;
  };
  const deadline = performance.now() + drainMs;
  while (hub.has(client) && isFull()) {
    if (performance.now() > deadline) hub.drop(client, 'slow_consumer');
    else await delay(10);
  }
  return hub.has(client);
}
