import { setTimeout as sleep } from 'node:timers/promises';

/** Thrown by a question to say that waiting longer is of no use. */
export class Hopeless extends Error {}

/**
 * Asks again and again until the answer is neither null nor undefined nor false, for at most `deadlineMs`.
 * What the last question threw is part of the error.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  deadlineMs = 30_000,
): Promise<Exclude<T, null | undefined | false>> {
  const until = performance.now() + deadlineMs;
  let last: unknown;
  while (performance.now() < until) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false)
        return answer as Exclude<T, null | undefined | false>;
      last = undefined;
    } catch (thrown) {
      if (thrown instanceof Hopeless) throw thrown;
      last = thrown;
    }
    await sleep(50);
  }
  throw new Error(
    `waited ${deadlineMs} ms for ${what}${last === undefined ? '' : `: ${last instanceof Error ? last.message : 'no answer'}`}`,
  );
}
