import type { WireError, WireErrorKind } from '../canonical/index.ts';
import { errorHeaders } from '../errors/error-headers.ts';
import type { EncodedError } from '../protocol.ts';

/** Status and Anthropic `error.type` an error kind is answered with. */
const ANSWERS: Record<WireErrorKind, { status: number; type: string }> = {
  'invalid-request': { status: 400, type: 'invalid_request_error' },
  'context-length': { status: 400, type: 'invalid_request_error' },
  'too-large': { status: 413, type: 'request_too_large' },
  auth: { status: 401, type: 'authentication_error' },
  permission: { status: 403, type: 'permission_error' },
  'not-found': { status: 404, type: 'not_found_error' },
  'rate-limited': { status: 429, type: 'rate_limit_error' },
  quota: { status: 402, type: 'billing_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  timeout: { status: 504, type: 'timeout_error' },
  'content-filter': { status: 400, type: 'invalid_request_error' },
  server: { status: 500, type: 'api_error' },
  cancelled: { status: 499, type: 'api_error' },
};

/** An error in Anthropic's envelope. */
export function encodeError(error: WireError): EncodedError {
  const headers = errorHeaders(error);
  if (error.requestId !== undefined) headers['request-id'] = error.requestId;
  return { status: ANSWERS[error.kind].status, headers, body: encodeErrorBody(error) };
}

/** The envelope alone: the body of an HTTP error, or the data of an `error` event. */
export function encodeErrorBody(error: WireError): Record<string, unknown> {
  return {
    type: 'error',
    error: {
      type: ANSWERS[error.kind].type,
      message: clientMessage(error),
      // Anthropic has no codes; what the gateway itself found (`upstream_unreachable`) is told beside the type.
      ...(error.source === 'gateway' && error.kind === 'overloaded' && error.code !== undefined
        ? { code: error.code }
        : {}),
    },
    ...(error.requestId !== undefined && { request_id: error.requestId }),
  };
}

/** Claude Code compacts when it reads Anthropic's own words for a full context, and only then. */
function clientMessage({ kind, message }: WireError): string {
  const known = kind !== 'context-length' || message.toLowerCase().includes('prompt is too long');
  return known ? message : `prompt is too long: ${message}`;
}
