import { setTimeout as delay } from 'node:timers/promises';
import { toFault } from './fault.ts';

export interface InsistOptions {
  /** Nobody needs it any more: a failure from then on is thrown. */
  signal: AbortSignal;
  /** Told of a failure that may pass, before the next try. */
  onFailure(thrown: unknown): void;
}

const firstWaitMs = 250;
const longestMs = 30_000;

/** Tries again, less and less often, what failed because the store or another side was away. Throws everything else. */
export async function insist<T>(work: () => Promise<T>, { signal, onFailure }: InsistOptions): Promise<T> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestMs)) {
    try {
      return await work();
    } catch (thrown) {
      if (!toFault(thrown).retryable || signal.aborted) throw thrown;
      onFailure(thrown);
      await delay(waitMs, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }
}
