import { setTimeout as delay } from 'node:timers/promises';

/**
 * Pauses between looks at what a test waits for: what comes soon is seen at once, and a long wait leaves the machine to others.
 * @param mostMs the longest pause
 */
export function pauses(mostMs = 50): () => Promise<void> {
  let ms = 2;
  return async () => {
    await delay(ms);
    ms = Math.min(mostMs, ms * 1.3);
  };
}
