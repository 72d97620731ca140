import type { Loss } from '../canonical/index.ts';

/** Reports a loss that may repeat all through a history once, at its first place. */
export function noteOnce(losses: Loss[], loss: Loss): void {
  if (!losses.some((other) => other.what === loss.what && other.why === loss.why)) losses.push(loss);
}
