import type { WireError, WireErrorKind } from '../canonical/index.ts';
import { classifyError, parseRetryAfter, parseRetryWords } from '../errors/index.ts';
import { asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { EncodedError } from '../protocol.ts';

/** Status and OpenAI `type` an error kind is answered with. */
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

/** An HTTP error of a Chat backend. Bodies differ: `{error: {…}}`, `{error: "…"}`, `{detail}`, `{message}` or plain text. */
export function decodeError(
  status: number,
  headers: Record<string, string | undefined>,
  body: unknown,
): WireError {
  const error = readError(body, status);
  const now = Date.parse(headers.date ?? '');
  const wait = parseRetryAfter(headers, Number.isNaN(now) ? 0 : now, error.message);
  // Without the server's own clock an HTTP date cannot be turned into a wait.
  if (wait !== undefined && wait < 1e11) error.retryAfterMs = wait;
  return error;
}

/** The error object inside an answer or a stream chunk. `status`: of the HTTP answer; a numeric `code` is one, too. */
export function readError(body: unknown, status?: number): WireError {
  const outer = asRecord(body);
  const error = asRecord(outer?.error) ?? outer;
  const message = readMessage(body, outer, error) ?? `the provider answered ${status ?? 'with an error'}`;
  const numeric = Number(error?.code ?? error?.status);
  const found =
    status !== undefined && status >= 400 ? status : numeric >= 400 && numeric < 600 ? numeric : undefined;
  const code = asText(error?.code);
  const type = asText(error?.type);
  const decoded: WireError = {
    kind: classifyError({ status: found, code, type, message }),
    message,
    source: 'upstream',
  };
  if (found !== undefined) decoded.status = found;
  if (code ?? type) decoded.code = code ?? type ?? '';
  const param = asText(error?.param);
  if (param !== undefined) decoded.param = param;
  const wait = parseRetryWords(message);
  if (wait !== undefined) decoded.retryAfterMs = wait;
  return decoded;
}

function readMessage(body: unknown, outer?: JsonRecord, error?: JsonRecord): string | undefined {
  if (typeof body === 'string') return body.trim().slice(0, 2000) || undefined;
  // OpenRouter hides the provider's own words in metadata.raw behind "Provider returned error".
  const message = asText(error?.message) ?? asText(outer?.error) ?? asText(outer?.message);
  const raw = asText(asRecord(error?.metadata)?.raw);
  if (message !== undefined && raw !== undefined) return `${message}: ${raw.slice(0, 2000)}`;
  if (message !== undefined) return message;
  const detail = outer?.detail ?? error?.detail;
  return asText(detail) ?? (detail === undefined ? undefined : JSON.stringify(detail).slice(0, 2000));
}

/** An error in OpenAI's envelope, with its wait in `retry-after` (whole seconds) and `retry-after-ms`. */
export function encodeError(error: WireError): EncodedError {
  const headers: Record<string, string> = {};
  if (error.retryAfterMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
    headers['retry-after-ms'] = String(error.retryAfterMs);
  }
  return { status: ANSWERS[error.kind].status, headers, body: encodeErrorBody(error) };
}

/** The envelope alone: the body of an HTTP error, or a chunk of a stream that broke. */
export function encodeErrorBody(error: WireError): JsonRecord {
  const { type, code } = ANSWERS[error.kind];
  return {
    error: { message: error.message, type, param: error.param ?? null, code: code ?? error.code ?? null },
  };
}
