import type { WireError, WireErrorKind } from '../canonical/index.ts';

interface ErrorWords {
  /** HTTP status before any byte of the answer. */
  status: number;
  /** `error.type`, as the OpenAI API names it. */
  type: string;
  /** `error.code` over HTTP. */
  code: string;
  /** `error.code` inside `response.failed`, where Codex decides by the code alone. */
  streamCode: string;
}

/**
 * How each kind of error is told. In a stream Codex retries every code it does not know five times, so faults that
 * will not pass by themselves use `invalid_prompt`, which it takes as final.
 */
const WORDS: Record<WireErrorKind, ErrorWords> = {
  'invalid-request': words(400, 'invalid_request_error', 'invalid_request', 'invalid_prompt'),
  'context-length': words(400, 'invalid_request_error', 'context_length_exceeded', 'context_length_exceeded'),
  'too-large': words(413, 'request_too_large', 'request_too_large', 'invalid_prompt'),
  auth: words(401, 'authentication_error', 'invalid_api_key', 'invalid_prompt'),
  permission: words(403, 'permission_error', 'permission_denied', 'invalid_prompt'),
  'not-found': words(404, 'not_found_error', 'model_not_found', 'invalid_prompt'),
  'rate-limited': words(429, 'rate_limit_error', 'rate_limit_exceeded', 'rate_limit_exceeded'),
  quota: words(429, 'insufficient_quota', 'insufficient_quota', 'insufficient_quota'),
  overloaded: words(503, 'overloaded_error', 'server_is_overloaded', 'server_is_overloaded'),
  timeout: words(504, 'timeout_error', 'request_timeout', 'request_timeout'),
  'content-filter': words(400, 'content_policy_violation', 'content_filter', 'invalid_prompt'),
  server: words(502, 'server_error', 'server_error', 'server_error'),
  cancelled: words(499, 'cancelled', 'cancelled', 'cancelled'),
};

function words(status: number, type: string, code: string, streamCode: string): ErrorWords {
  return { status, type, code, streamCode };
}

export function errorWords(kind: WireErrorKind): ErrorWords {
  return WORDS[kind];
}

/**
 * The `error` of `response.failed`. Codex reads its wait from the words "try again in Ns" and nowhere else;
 * `type` is ours, it keeps the kind where several kinds share a code.
 */
export function failedError(error: WireError): { code: string; message: string; type: string } {
  const { streamCode, type } = WORDS[error.kind];
  const saysWait = /try again in \d/i.test(error.message.slice(0, 4000));
  const wait =
    error.retryAfterMs === undefined || saysWait || error.kind === 'quota'
      ? ''
      : ` Please try again in ${Math.max(1, Math.ceil(error.retryAfterMs / 1000))}s.`;
  return { code: streamCode, message: error.message + wait, type };
}
