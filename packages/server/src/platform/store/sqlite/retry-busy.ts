import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from './errors.ts';

/**
 * Runs `attempt` until another process lets go of the file or `deadline` (monotonic ms) has passed, when
 * SQLite's own error is thrown. Waits without blocking the event loop, with jitter so that two waiting
 * processes do not keep step.
 */
export async function retryBusy<T>(attempt: () => T, deadline: number): Promise<T> {
  for (let round = 0; ; round += 1) {
    try {
      return attempt();
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() >= deadline) throw thrown;
      await delay(1 + Math.random() * Math.min(1 + round, 8));
    }
  }
}
