import type { WireErrorKind } from '../canonical/index.ts';

/** What a provider said, from its HTTP status and its error object. */
export interface ErrorFacts {
  status?: number | undefined;
  code?: string | undefined;
  type?: string | undefined;
  message?: string | undefined;
}

/** Exact vendor codes and types, lower case. */
const CODES: Record<string, WireErrorKind> = {
  context_length_exceeded: 'context-length',
  context_window_exceeded: 'context-length',
  model_context_window_exceeded: 'context-length',
  model_max_prompt_tokens_exceeded: 'context-length',
  exceed_context_size_error: 'context-length',
  prompt_too_long: 'context-length',
  tokens_limit_reached: 'context-length',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  billing_error: 'quota',
  usage_limit_reached: 'quota',
  usage_not_included: 'quota',
  insufficient_credits: 'quota',
  insufficient_balance: 'quota',
  request_too_large: 'too-large',
  payload_too_large: 'too-large',
  content_filter: 'content-filter',
  content_policy_violation: 'content-filter',
  responsibleaipolicyviolation: 'content-filter',
  prohibited_content: 'content-filter',
  rate_limit_exceeded: 'rate-limited',
  rate_limit_error: 'rate-limited',
  too_many_requests: 'rate-limited',
  resource_exhausted: 'rate-limited',
  throttlingexception: 'rate-limited',
  overloaded_error: 'overloaded',
  overloaded: 'overloaded',
  server_is_overloaded: 'overloaded',
  engine_overloaded: 'overloaded',
  slow_down: 'overloaded',
  unavailable: 'overloaded',
  authentication_error: 'auth',
  invalid_api_key: 'auth',
  invalid_authentication_error: 'auth',
  unauthenticated: 'auth',
  permission_error: 'permission',
  permission_denied: 'permission',
  model_not_found: 'not-found',
  not_found_error: 'not-found',
  not_found: 'not-found',
  timeout_error: 'timeout',
  deadline_exceeded: 'timeout',
  request_timeout: 'timeout',
};

/** Codes too broad to decide before the message and the status have been read. */
const BROAD_CODES: Record<string, WireErrorKind> = {
  invalid_request_error: 'invalid-request',
  invalid_request: 'invalid-request',
  invalid_argument: 'invalid-request',
  invalid_prompt: 'invalid-request',
  api_error: 'server',
  server_error: 'server',
  internal_server_error: 'server',
  internal: 'server',
};

/** Phrases of providers that give no code of their own for "too long", lower case. */
const CONTEXT_PHRASES = [
  'prompt is too long',
  'prompt too long',
  'maximum context length',
  'max context length',
  'context length exceeded',
  'exceeds the context length',
  'greater than the context length',
  'exceeds the context window',
  'exceeds the model context window',
  'exceeded the context window',
  'context window exceeds',
  'context window limit',
  'exceed context limit',
  'exceeds context limit',
  'available context size',
  'when context the overflows',
  'maximum number of tokens allowed',
  'maximum prompt length',
  'prompt exceeds max length',
  'input is too long',
  'exceeded model token limit',
  'tokens in the prompt cannot exceed',
  'reduce the length of the messages',
  'reduce the length of either',
  'range of input length',
  'tokens + `max_new_tokens` must be',
];

const QUOTA_PHRASES = [
  'credit balance is too low',
  'insufficient credits',
  'insufficient balance',
  'insufficient_quota',
  'out of credits',
  'exceeded your current quota',
  'billing hard limit',
  'requires more credits',
];

const OVERLOAD_PHRASES = ['overloaded', 'at capacity', 'over capacity', 'high demand'];

/** Sorts a provider's error into the words every protocol can carry. */
export function classifyError({ status, code, type, message }: ErrorFacts): WireErrorKind {
  const text = message?.slice(0, 4000).toLowerCase() ?? '';
  const byCode = lookUp(CODES, code) ?? lookUp(CODES, type);
  if (byCode === 'context-length' || hasAny(text, CONTEXT_PHRASES) || saysPromptExceeds(text)) {
    return 'context-length';
  }
  // Gemini says "exceeded your current quota" for a per-minute limit too, but then names when to retry.
  if (byCode === 'quota' || status === 402) return 'quota';
  if (hasAny(text, QUOTA_PHRASES)) return text.includes('retry in') ? 'rate-limited' : 'quota';
  if (byCode) return byCode;
  const byStatus = status === undefined ? undefined : ofStatus(status);
  if (byStatus && byStatus !== 'server' && byStatus !== 'invalid-request') return byStatus;
  if (hasAny(text, OVERLOAD_PHRASES)) return 'overloaded';
  return byStatus ?? lookUp(BROAD_CODES, code) ?? lookUp(BROAD_CODES, type) ?? 'server';
}

function lookUp(table: Record<string, WireErrorKind>, code: string | undefined): WireErrorKind | undefined {
  const key = code?.toLowerCase();
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function hasAny(text: string, phrases: readonly string[]): boolean {
  return text !== '' && phrases.some((phrase) => text.includes(phrase));
}

/** "prompt token count of 140000 exceeds the limit of 128000". */
function saysPromptExceeds(text: string): boolean {
  return text.includes('prompt token count') && text.includes('exceeds');
}

function ofStatus(status: number): WireErrorKind | undefined {
  if (status === 401) return 'auth';
  if (status === 403) return 'permission';
  if (status === 404) return 'not-found';
  if (status === 408 || status === 504 || status === 522 || status === 524) return 'timeout';
  if (status === 413) return 'too-large';
  if (status === 429) return 'rate-limited';
  if (status === 499) return 'cancelled';
  if (status === 503 || status === 529) return 'overloaded';
  if (status >= 400 && status < 500) return 'invalid-request';
  return status >= 500 ? 'server' : undefined;
}
