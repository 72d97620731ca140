import type { WireError, WireErrorKind } from '../canonical/index.ts';
import { classifyError } from '../errors/classify-error.ts';
import { errorHeaders } from '../errors/error-headers.ts';
import { readErrorBody, readHttpError } from '../errors/read-error.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json/read.ts';
import type { EncodedError } from '../protocol.ts';

/** HTTP status, `error.status` and, where that is too broad, the reason an error kind is answered with. */
const ANSWERS: Record<WireErrorKind, { status: number; word: string; reason?: string }> = {
  'invalid-request': { status: 400, word: 'INVALID_ARGUMENT' },
  'context-length': { status: 400, word: 'INVALID_ARGUMENT', reason: 'CONTEXT_LENGTH_EXCEEDED' },
  'too-large': { status: 413, word: 'INVALID_ARGUMENT', reason: 'REQUEST_TOO_LARGE' },
  auth: { status: 401, word: 'UNAUTHENTICATED' },
  permission: { status: 403, word: 'PERMISSION_DENIED' },
  'not-found': { status: 404, word: 'NOT_FOUND' },
  'rate-limited': { status: 429, word: 'RESOURCE_EXHAUSTED' },
  quota: { status: 429, word: 'RESOURCE_EXHAUSTED', reason: 'INSUFFICIENT_QUOTA' },
  overloaded: { status: 503, word: 'UNAVAILABLE' },
  timeout: { status: 504, word: 'DEADLINE_EXCEEDED' },
  'content-filter': { status: 400, word: 'INVALID_ARGUMENT', reason: 'CONTENT_FILTER' },
  server: { status: 500, word: 'INTERNAL' },
  cancelled: { status: 499, word: 'CANCELLED' },
};

/** Reasons of Google's own that say more than their status. */
const REASONS: Record<string, WireErrorKind> = {
  API_KEY_INVALID: 'auth',
  API_KEY_EXPIRED: 'auth',
  CREDENTIALS_MISSING: 'auth',
  ACCESS_TOKEN_EXPIRED: 'auth',
  SERVICE_DISABLED: 'permission',
  BILLING_DISABLED: 'quota',
  MODEL_CAPACITY_EXHAUSTED: 'overloaded',
};

const TYPE = 'type.googleapis.com/google.rpc.';

/** An HTTP error of a Gemini backend; streams without `alt=sse` put it into a list. */
export function decodeError(
  status: number,
  headers: Record<string, string | undefined>,
  body: unknown,
): WireError {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  return refine(readHttpError(status, headers, first), first);
}

/** The error object inside a stream or behind status 200. */
export function decodeErrorBody(body: unknown): WireError {
  return refine(readErrorBody(body), body);
}

/** What Google says in `status` and in `details`. */
function refine(error: WireError, body: unknown): WireError {
  const object = asRecord(asRecord(body)?.error);
  if (!object) return error;
  const details = asList(object.details).map(asRecord);
  const find = (name: string): JsonRecord | undefined =>
    details.find((detail) => detail?.['@type'] === TYPE + name);
  const word = asText(object.status);
  const reason = asText(find('ErrorInfo')?.reason);
  const known = reason !== undefined && Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  error.kind =
    known ?? classifyError({ status: error.status, code: reason, type: word, message: error.message });
  const code = reason ?? word;
  if (code !== undefined) error.code = code;
  const wait = readDuration(find('RetryInfo')?.retryDelay);
  if (wait !== undefined) error.retryAfterMs = wait;
  const param = asText(asRecord(asList(find('BadRequest')?.fieldViolations)[0])?.field);
  if (param !== undefined) error.param = param;
  return error;
}

/** `34.074824224s` → whole milliseconds. */
function readDuration(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

/** An error in Google's envelope, its wait as `RetryInfo` and in the headers. */
export function encodeError(error: WireError): EncodedError {
  return { status: ANSWERS[error.kind].status, headers: errorHeaders(error), body: encodeErrorBody(error) };
}

/** The envelope alone: the body of an HTTP error, or the last event of a stream that broke. */
export function encodeErrorBody({ kind, message, retryAfterMs, param }: WireError): Record<string, unknown> {
  const { status, word, reason } = ANSWERS[kind];
  const details: JsonRecord[] = [];
  if (reason !== undefined) details.push({ '@type': `${TYPE}ErrorInfo`, reason, domain: 'vigiles' });
  if (retryAfterMs !== undefined) {
    details.push({ '@type': `${TYPE}RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` });
  }
  if (param !== undefined) {
    const violation = { field: param, description: message };
    details.push({ '@type': `${TYPE}BadRequest`, fieldViolations: [violation] });
  }
  return { error: { code: status, message, status: word, ...(details.length && { details }) } };
}
