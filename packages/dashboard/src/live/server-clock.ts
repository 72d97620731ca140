/** Less than this may be the way of a message, not a wrong clock. */
const TOLERATED_MS = 2_000;

/**
 * The server's clock, for what counts down to a moment that the server chose: a browser whose clock is wrong must not
 * show a question as over that is still open.
 */
export function createServerClock(now: () => number = Date.now) {
  let ahead = 0;
  return {
    /** What the server says the time is now, ISO 8601; what is no time changes nothing. */
    tell(iso: unknown): void {
      const difference = typeof iso === 'string' ? Date.parse(iso) - now() : Number.NaN;
      if (Number.isFinite(difference)) ahead = Math.abs(difference) < TOLERATED_MS ? 0 : difference;
    },
    /** UTC milliseconds. */
    now: (): number => now() + ahead,
  };
}

export const serverClock = createServerClock();
