import type { ErrorEnvelope } from '@vigiles/contract';
import { fault, toFault, type Fault } from '../../kernel/fault.ts';
import { statusOf } from '../../kernel/fault-status.ts';

/** A fault with the HTTP status it is answered with; most follow from the kind, a few are HTTP's own. */
export interface HttpFailure {
  status: number;
  fault: Fault;
}

export const failureOf = (carried: Fault, status = statusOf(carried.kind)): HttpFailure => ({
  status,
  fault: carried,
});

/** Fastify's own refusals, by its error code. */
const frameworkFailures: Record<string, { status: number; code: string; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: 'body_too_large', message: 'The body is too large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    message: 'The body must be sent as application/json.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: {
    status: 400,
    code: 'malformed_json',
    message: 'The body is not valid JSON.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'bad_request',
    message: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_BAD_URL: { status: 400, code: 'bad_url', message: 'The path is not a valid URL path.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'url_too_long', message: 'A part of the path is too long.' },
};

/** Any thrown thing as an HTTP answer; what is not known becomes 500 without leaking its text. */
export function failureFrom(thrown: unknown): HttpFailure {
  const { code, statusCode } = (thrown ?? {}) as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? frameworkFailures[code] : undefined;
  if (known) return { status: known.status, fault: fault('invalid', known.code, known.message) };
  if (thrown instanceof SyntaxError && statusCode === 400) {
    return failureOf(fault('invalid', 'malformed_json', `The body is not valid JSON: ${thrown.message}`));
  }
  return failureOf(toFault(thrown));
}

/** The one error envelope; the cause stays in the log. */
export function envelopeOf(carried: Fault, nowMs: number): ErrorEnvelope {
  return {
    success: false,
    error: carried.message,
    code: carried.code,
    ...(carried.details ? { details: carried.details } : {}),
    timestamp: new Date(nowMs).toISOString(),
  };
}
