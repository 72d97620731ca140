import type { WireError } from '@vigiles/wire';

/** Tries after the first one that a busy provider gets before the client hears of it. */
const MAX_RETRIES = 2;

/** Waits when the provider names none. */
const UNNAMED_WAIT_MS = 1000;

/** What a client is told to wait when nobody knows better. Codex gives up on a 429 that names no wait. */
const DEFAULT_ADVICE_MS = { 'rate-limited': 5000, overloaded: 3000 } as const;

/**
 * How long to wait before the same request is sent again, or null: tell the client.
 * @param retries how often this turn was already sent again
 */
export function retryWaitMs(error: WireError, retries: number, maxWaitMs: number): number | null {
  if (error.kind !== 'rate-limited' && error.kind !== 'overloaded') return null;
  if (retries >= MAX_RETRIES) return null;
  const wait = error.retryAfterMs ?? UNNAMED_WAIT_MS * (retries + 1);
  return wait <= maxWaitMs ? wait : null;
}

/** The error with a wait the client can act on. */
export function withRetryAdvice(error: WireError): WireError {
  if (error.retryAfterMs !== undefined) return error;
  if (error.kind !== 'rate-limited' && error.kind !== 'overloaded') return error;
  return { ...error, retryAfterMs: DEFAULT_ADVICE_MS[error.kind] };
}

/** `Retry-After` in whole seconds, never 0: clients take 0 as "at once" and hammer. */
export const retryAfterSeconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)));
