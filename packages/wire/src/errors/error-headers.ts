import type { WireError } from '../canonical/index.ts';

/** Headers of an error answer: who said it, whose request it was, and when to come back. */
export function errorHeaders(error: WireError): Record<string, string> {
  const headers: Record<string, string> = { 'x-vigiles-error-source': error.source };
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    headers['retry-after-ms'] = String(error.retryAfterMs);
  }
  if (error.requestId !== undefined) headers['x-request-id'] = error.requestId;
  return headers;
}
