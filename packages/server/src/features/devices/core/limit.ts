import type { RateTier, TierLimits } from '@vigiles/contract';

/** Calls that may come at once before the mean spacing is asked for: a page load is not a flood. */
export const burst = 20;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

interface Window {
  /** Monotonic milliseconds of its first call. */
  startMs: number;
  count: number;
}

/** What one caller has used of one tier. Replaced, never changed. */
export interface LimitState {
  minute: Window;
  hour: Window;
  day: Window;
  /** GCRA's theoretical arrival time of the next evenly spaced call, monotonic milliseconds. */
  dueMs: number;
}

export interface LimitVerdict {
  allowed: boolean;
  tier: RateTier;
  limit: number;
  remaining: number;
  resetMs: number;
  retryAfterMs: number;
}

interface Use {
  used: Window;
  max: number;
  spanMs: number;
}

const rolled = (window: Window | undefined, nowMs: number, spanMs: number): Window =>
  window && nowMs - window.startMs < spanMs ? window : { startMs: nowMs, count: 0 };

const usesOf = (state: LimitState | undefined, limits: TierLimits, nowMs: number) => ({
  minute: { used: rolled(state?.minute, nowMs, minuteMs), max: limits.perMinute, spanMs: minuteMs },
  hour: { used: rolled(state?.hour, nowMs, hourMs), max: limits.perHour, spanMs: hourMs },
  day: { used: rolled(state?.day, nowMs, dayMs), max: limits.perDay, spanMs: dayMs },
});

const left = ({ used, max }: Use): number => Math.max(0, max - used.count);

/** The window that is fullest for its size is the one people are told about. */
const tightest = (uses: Use[]): Use => uses.reduce((a, b) => (left(b) < left(a) ? b : a));

/**
 * Takes one call: fixed windows of a minute, an hour and a day, and a mean spacing (GCRA) with a burst.
 * A refused call uses nothing up.
 */
export function takeLimit(
  state: LimitState | undefined,
  limits: TierLimits,
  tier: RateTier,
  nowMs: number,
): { state: LimitState; verdict: LimitVerdict } {
  const uses = usesOf(state, limits, nowMs);
  const all: Use[] = [uses.minute, uses.hour, uses.day];
  const dueMs = Math.max(state?.dueMs ?? nowMs, nowMs);
  // With `burst` calls at once the last one is due (burst - 1) spacings ahead of now.
  const earlyMs = dueMs - nowMs - limits.cooldownMs * (burst - 1);
  const windowWaitMs = Math.max(
    0,
    ...all.filter((use) => left(use) === 0).map((use) => use.used.startMs + use.spanMs - nowMs),
  );
  const waitMs = Math.max(windowWaitMs, earlyMs);
  const allowed = waitMs <= 0;
  const count = (use: Use): Window => (allowed ? { ...use.used, count: use.used.count + 1 } : use.used);
  const next: LimitState = {
    minute: count(uses.minute),
    hour: count(uses.hour),
    day: count(uses.day),
    dueMs: allowed ? dueMs + limits.cooldownMs : dueMs,
  };
  return {
    state: next,
    verdict: { ...peekLimit(next, limits, tier, nowMs), allowed, retryAfterMs: Math.max(0, waitMs) },
  };
}

/** What is left, without taking anything. */
export function peekLimit(
  state: LimitState | undefined,
  limits: TierLimits,
  tier: RateTier,
  nowMs: number,
): LimitVerdict {
  const uses = usesOf(state, limits, nowMs);
  const tight = tightest([uses.minute, uses.hour, uses.day]);
  return {
    allowed: left(tight) > 0,
    tier,
    limit: tight.max,
    remaining: left(tight),
    resetMs: Math.max(0, tight.used.startMs + tight.spanMs - nowMs),
    retryAfterMs: 0,
  };
}
