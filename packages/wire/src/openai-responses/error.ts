import type { WireError } from '../canonical/index.ts';
import { errorHeaders } from '../errors/error-headers.ts';
import type { EncodedError } from '../protocol.ts';
import { errorWords } from './error-codes.ts';

/** Wait that is asked for when nobody knows better: a 429 without `Retry-After` ends a Codex session at once. */
const DEFAULT_RETRY_MS = 5000;

/** The OpenAI envelope `{error:{message,type,code,param}}` with the codes Codex decides by. */
export function encodeError(error: WireError): EncodedError {
  const { status, type, code } = errorWords(error.kind);
  return {
    status,
    headers: errorHeaders(withWait(error)),
    body: {
      error: { message: error.message, type, code: ownCode(error) ?? code, param: error.param ?? null },
    },
  };
}

/** What the gateway itself did not find or does not do has a name of its own; all other codes are those Codex decides by. */
function ownCode({ source, kind, code }: WireError): string | undefined {
  return source === 'gateway' && (kind === 'not-found' || kind === 'invalid-request') ? code : undefined;
}

function withWait(error: WireError): WireError {
  if (error.kind === 'rate-limited')
    return { ...error, retryAfterMs: error.retryAfterMs ?? DEFAULT_RETRY_MS };
  if (error.kind !== 'quota') return error;
  // A spent quota names no wait: Codex would sleep for hours before it shows the reason.
  const { retryAfterMs: _, ...rest } = error;
  return rest;
}
