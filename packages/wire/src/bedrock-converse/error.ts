import type { WireError, WireErrorKind } from '../canonical/index.ts';
import { readErrorBody, readHttpError } from '../errors/read-error.ts';
import { asRecord, asText } from '../json/read.ts';

/**
 * What AWS's error types mean, lower case and without `Exception`. ValidationException is not among them: its message
 * tells a prompt that is too long from other mistakes.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
const TYPES: Record<string, WireErrorKind> = {
  accessdenied: 'permission',
  unrecognizedclient: 'auth',
  invalidsignature: 'auth',
  incompletesignature: 'auth',
  signaturedoesnotmatch: 'auth',
  missingauthenticationtoken: 'auth',
  invalidclienttokenid: 'auth',
  expiredtoken: 'auth',
  requestexpired: 'auth',
  throttling: 'rate-limited',
  toomanyrequests: 'rate-limited',
  servicequotaexceeded: 'quota',
  modeltimeout: 'timeout',
  modelnotready: 'overloaded',
  serviceunavailable: 'overloaded',
  internalserver: 'server',
  internalfailure: 'server',
  modelerror: 'server',
  modelstreamerror: 'server',
  resourcenotfound: 'not-found',
};

/** An HTTP error of Bedrock: the type stands in `x-amzn-errortype` (or `__type`), the words in `message` or `Message`. */
export function decodeError(
  status: number,
  headers: Record<string, string | undefined>,
  body: unknown,
): WireError {
  const error = readHttpError(status, headers, withMessage(body));
  const requestId = asText(headers['x-amzn-requestid']);
  if (requestId !== undefined) error.requestId ??= requestId;
  const type = asText(headers['x-amzn-errortype']) ?? asText(asRecord(body)?.__type);
  return type === undefined ? error : typed(error, type);
}

/** A failure inside a stream. */
export function decodeException(type: string, body: unknown): WireError {
  return typed(readErrorBody(withMessage(body)), type);
}

/** `ThrottlingException:http://…`, `com.amazon.coral.service#ThrottlingException` and `throttlingException` are one. */
function typed(error: WireError, given: string): WireError {
  const name = (given.split(':', 1)[0] ?? '').replace(/^.*#/, '');
  if (name === '') return error;
  error.code = name;
  const kind = lookUp(name);
  // A full context is worth more than the type it comes with.
  if (kind && error.kind !== 'context-length') error.kind = kind;
  else if (/^validation/i.test(name) && error.kind === 'server') error.kind = 'invalid-request';
  return error;
}

function lookUp(name: string): WireErrorKind | undefined {
  const key = name.toLowerCase().replace(/(?:exception|error)$/, '');
  const short = Object.hasOwn(TYPES, key) ? TYPES[key] : undefined;
  const whole = name.toLowerCase().replace(/exception$/, '');
  return short ?? (Object.hasOwn(TYPES, whole) ? TYPES[whole] : undefined);
}

/** AWS's front door writes `Message`, the service behind it `message`. */
function withMessage(body: unknown): unknown {
  const record = asRecord(body);
  if (record?.message !== undefined || record?.Message === undefined) return body;
  return { message: record.Message };
}
