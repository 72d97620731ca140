import { protocols, type ProtocolName, type WireError } from '@vigiles/wire';
import { retryAfterSeconds, withRetryAdvice } from '../core/retry.ts';
import type { GatewayResponse } from '../serve/messages.ts';

/**
 * Answers with an error in the envelope of the client's own protocol. Does nothing more than end the response where
 * its head is already out.
 * @returns the status that was sent
 */
export function sendError(
  res: GatewayResponse,
  client: ProtocolName,
  wireError: WireError,
  close = false,
): number {
  if (res.headersSent) {
    res.endPieces();
    return res.statusCode;
  }
  const error = withRetryAdvice(wireError);
  const encoded = protocols[client].encodeError(error);
  const headers: Record<string, string> = { ...encoded.headers };
  // A 429 that names no wait ends a Codex session for good.
  if (error.retryAfterMs !== undefined) headers['retry-after'] = retryAfterSeconds(error.retryAfterMs);
  headers['content-type'] = 'application/json';
  headers['x-vigiles-error-source'] = error.source;
  if (close) headers['connection'] = 'close';
  const text = JSON.stringify(encoded.body);
  headers['content-length'] = String(Buffer.byteLength(text));
  const status = error.code === METHOD_NOT_ALLOWED && error.source === 'gateway' ? 405 : encoded.status;
  res.writeHead(status, headers);
  res.end(text);
  return status;
}

/** Code of a request whose path has other methods: no protocol has a kind of error for it. */
export const METHOD_NOT_ALLOWED = 'method_not_allowed';

/** A failure the gateway itself found. */
export function gatewayError(
  kind: WireError['kind'],
  message: string,
  more: Partial<Omit<WireError, 'kind' | 'message' | 'source'>> = {},
): WireError {
  return { kind, message, source: 'gateway', ...more };
}
