/**
 * Time, injected everywhere so that decisions can be tested. Wall time is for people and storage,
 * monotonic time for durations: it never jumps back when the wall clock is set.
 */
export interface Clock {
  /** UTC milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
