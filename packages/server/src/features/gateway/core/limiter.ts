/** What one device may do. */
export interface TurnLimits {
  requestsPerMinute: number;
  concurrentTurns: number;
}

/** `reason` names the limit that was hit; `retryAfterMs` when to come back. */
export type LimitVerdict =
  | { ok: true }
  | { ok: false; reason: 'requests_per_minute' | 'concurrent_turns'; limit: number; retryAfterMs: number };

interface Window {
  startedAt: number;
  count: number;
  open: number;
}

const MINUTE_MS = 60_000;
const ALLOWED: LimitVerdict = { ok: true };

/** A device that finds all its places taken is told to come back after this long. */
const CONCURRENT_RETRY_MS = 1000;

/**
 * Counts turns per device: a minute's window that opens with its first turn, and the turns open now.
 * Everything happens in one synchronous step, so a limit of 100 lets exactly 100 through however many race.
 */
export interface Limiter {
  /** Takes a place; `release` must follow exactly once when it was given. */
  take(deviceId: string, limits: TurnLimits, nowMs: number): LimitVerdict;
  release(deviceId: string): void;
  /** Forgets devices with nothing open whose minute is over. */
  sweep(nowMs: number): void;
}

export function createLimiter(): Limiter {
  const windows = new Map<string, Window>();
  return {
    take(deviceId, limits, nowMs) {
      let window = windows.get(deviceId);
      if (!window) windows.set(deviceId, (window = { startedAt: nowMs, count: 0, open: 0 }));
      if (nowMs - window.startedAt >= MINUTE_MS) {
        window.startedAt = nowMs;
        window.count = 0;
      }
      if (window.count >= limits.requestsPerMinute) {
        const retryAfterMs = window.startedAt + MINUTE_MS - nowMs;
        return { ok: false, reason: 'requests_per_minute', limit: limits.requestsPerMinute, retryAfterMs };
      }
      if (window.open >= limits.concurrentTurns) {
        const retryAfterMs = CONCURRENT_RETRY_MS;
        return { ok: false, reason: 'concurrent_turns', limit: limits.concurrentTurns, retryAfterMs };
      }
      window.count += 1;
      window.open += 1;
      return ALLOWED;
    },
    release(deviceId) {
      const window = windows.get(deviceId);
      if (window && window.open > 0) window.open -= 1;
    },
    sweep(nowMs) {
      for (const [deviceId, window] of windows) {
        if (window.open === 0 && nowMs - window.startedAt >= MINUTE_MS) windows.delete(deviceId);
      }
    },
  };
}
