import type { WireError, WireErrorKind } from '../canonical/index.ts';
import { errorHeaders } from '../errors/error-headers.ts';
import type { EncodedError } from '../protocol.ts';

/** Status, OpenAI `type` and `code` an error kind is answered with. */
const ANSWERS: Record<WireErrorKind, { status: number; type: string; code?: string }> = {
  'invalid-request': { status: 400, type: 'invalid_request_error' },
  'context-length': { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  'too-large': { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  auth: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  permission: { status: 403, type: 'permission_error' },
  'not-found': { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  'rate-limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  overloaded: { status: 503, type: 'server_error', code: 'server_is_overloaded' },
  timeout: { status: 504, type: 'server_error', code: 'timeout' },
  'content-filter': { status: 400, type: 'invalid_request_error', code: 'content_filter' },
  server: { status: 502, type: 'server_error' },
  cancelled: { status: 499, type: 'server_error', code: 'cancelled' },
};

/** An error in OpenAI's envelope, with its wait in `retry-after` (whole seconds) and `retry-after-ms`. */
export function encodeError(error: WireError): EncodedError {
  return {
    status: ANSWERS[error.kind].status,
    headers: errorHeaders(error),
    body: encodeErrorBody(error),
  };
}

/** The envelope alone: the body of an HTTP error, or a chunk of a stream that broke. */
export function encodeErrorBody(error: WireError): Record<string, unknown> {
  const { type, code } = ANSWERS[error.kind];
  // The gateway's own finding (`upstream_unreachable`, `not_found`) is truer than the kind's usual code, which only Codex has to read.
  const own = error.source === 'gateway' && (error.kind === 'overloaded' || error.kind === 'not-found');
  const told = own ? (error.code ?? code) : (code ?? error.code);
  return { error: { message: error.message, type, param: error.param ?? null, code: told ?? null } };
}
