import type { WireError } from '../canonical/index.ts';
import { classifyError, parseRetryAfter } from '../errors/index.ts';
import { asRecord, asText } from '../json/read.ts';
import type { EncodedError } from '../protocol.ts';
import { errorWords } from './error-codes.ts';

/** Wait that is asked for when nobody knows better: a 429 without `Retry-After` ends a Codex session at once. */
const DEFAULT_RETRY_SECONDS = 5;
const MAX_MESSAGE = 2000;

/** Reads an HTTP error in the OpenAI envelope or whatever stands in for it. */
export function decodeError(
  status: number,
  headers: Record<string, string | undefined>,
  body: unknown,
): WireError {
  const error = readErrorObject(body);
  const message = error.message ?? `the provider answered ${status}`;
  const wire: WireError = {
    kind: classifyError({ status, code: error.code, type: error.type, message }),
    message,
    source: 'upstream',
    status,
  };
  if (error.code ?? error.type) wire.code = error.code ?? error.type ?? '';
  if (error.param) wire.param = error.param;
  const retryAfterMs = parseRetryAfter(headers, answerTime(headers), message);
  if (retryAfterMs !== undefined) wire.retryAfterMs = retryAfterMs;
  return wire;
}

/** An error inside a stream or a 200 answer. */
export function decodeErrorObject(value: unknown): WireError {
  const error = readErrorObject(value);
  const message = error.message ?? 'the provider ended the answer with an error';
  const kind = classifyError({ code: error.code, type: error.type, message, status: error.status });
  const wire: WireError = { kind, message, source: 'upstream' };
  if (error.status !== undefined) wire.status = error.status;
  if (error.code ?? error.type) wire.code = error.code ?? error.type ?? '';
  if (error.param) wire.param = error.param;
  const retryAfterMs = parseRetryAfter({}, 0, message);
  if (retryAfterMs !== undefined) wire.retryAfterMs = retryAfterMs;
  return wire;
}

/** The OpenAI envelope `{error:{message,type,code,param}}`. A 429 that may pass always names when to come back. */
export function encodeError(error: WireError): EncodedError {
  const { status, type, code } = errorWords(error.kind);
  const headers: Record<string, string> = { 'x-vigiles-error-source': error.source };
  // Not for spent quotas: Codex would sleep for hours before it shows the reason.
  if (error.kind === 'rate-limited' || (error.kind !== 'quota' && error.retryAfterMs !== undefined)) {
    const seconds =
      error.retryAfterMs === undefined ? DEFAULT_RETRY_SECONDS : Math.ceil(error.retryAfterMs / 1000);
    headers['retry-after'] = String(Math.max(1, seconds));
  }
  return {
    status,
    headers,
    body: { error: { message: error.message, type, code, param: error.param ?? null } },
  };
}

interface ErrorObject {
  message: string | undefined;
  code: string | undefined;
  type: string | undefined;
  param: string | undefined;
  status: number | undefined;
}

/** `{error:{…}}`, `{error:"…"}`, `{message}`, `{detail}`, a bare error object, or text that was not JSON. */
function readErrorObject(body: unknown): ErrorObject {
  const outer = asRecord(body);
  const error = asRecord(outer?.error) ?? outer;
  const text = typeof body === 'string' ? body.trim() : undefined;
  const message =
    asText(error?.message) ??
    asText(outer?.error) ??
    asText(error?.detail) ??
    (text ? plainText(text) : undefined);
  const code = error?.code;
  return {
    message: message?.slice(0, MAX_MESSAGE),
    // OpenRouter puts the HTTP status into `code`.
    code: asText(code),
    type: error === outer && error?.type === 'error' ? undefined : asText(error?.type),
    param: asText(error?.param),
    status: typeof code === 'number' ? code : undefined,
  };
}

/** Proxies answer with HTML; its title says more than its markup. */
function plainText(text: string): string {
  if (!text.startsWith('<')) return text;
  const head = text.slice(0, 20_000);
  const start = head.search(/<title>/i);
  const end = head.search(/<\/title>/i);
  return start !== -1 && end > start
    ? head.slice(start + 7, end).trim()
    : 'the provider answered with a web page';
}

/** A `Retry-After` date is relative to the answer's own clock: this package has none. */
function answerTime(headers: Record<string, string | undefined>): number {
  return Date.parse(headers.date ?? headers.Date ?? '');
}
