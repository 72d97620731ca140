import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from './hub.ts';

/** A replay waits for a client that reads slowly, this long. */
const drainMs = 30_000;

/** Waits until the client has read most of what it was sent. False when it does not. */
export async function drained({ outlet }: Pick<Client, 'outlet'>): Promise<boolean> {
  const isFull = (): boolean => {
    const { bytes, packets } = outlet.waiting();
    return bytes > 512 * 1024 || packets > 1000;
  };
  const deadline = performance.now() + drainMs;
  while (isFull()) {
    if (performance.now() > deadline) return false;
    await delay(10);
  }
  return true;
}
