import { setTimeout as delay } from 'node:timers/promises';

/**
 * A figure for everybody that must be asked for: one question at a time however many want to know, and what was known last
 * where the answer takes longer than `waitMs` or there is none.
 */
export function lastKnown(ask: () => Promise<number>, waitMs: number): () => Promise<number> {
  let known = 0;
  let asking: Promise<void> | null = null;
  const once = async (): Promise<void> => {
    try {
      known = await ask();
    } catch {
      // The store is away: /health says that we live, not that all is well.
    } finally {
      asking = null;
    }
  };
  return async () => {
    asking ??= once();
    await Promise.race([asking, delay(waitMs, undefined, { ref: false })]);
    return known;
  };
}
