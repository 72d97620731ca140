/** What went wrong upstream, in words every protocol can carry. */
export type WireErrorKind =
  | 'invalid-request'
  | 'context-length'
  | 'too-large'
  | 'auth'
  | 'permission'
  | 'not-found'
  | 'rate-limited'
  | 'quota'
  | 'overloaded'
  | 'timeout'
  | 'content-filter'
  | 'server'
  | 'cancelled';

export interface WireError {
  kind: WireErrorKind;
  message: string;
  /** Who said so: the provider, or the gateway itself. */
  source: 'upstream' | 'gateway';
  /** HTTP status the other side used, where there was one. */
  status?: number;
  /** The vendor's own code (`rate_limit_exceeded`, `overloaded_error` …). */
  code?: string;
  /** The request field at fault, where named. */
  param?: string;
  /** How long to wait, already parsed from seconds, HTTP-date or `retry-after-ms`. */
  retryAfterMs?: number;
  /** The provider's own id of the request, for its support. */
  requestId?: string;
}
