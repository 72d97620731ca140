import { pauses } from '../../../testing/pauses.ts';

/** Resolves when `condition` holds; throws when it does not within the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  const pause = pauses();
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${condition.toString()}`);
    await pause();
  }
}
