import type { Fault } from '../../kernel/fault.ts';

/** Codes that OAuth clients know, by RFC 6749 §5.2, 8628 §3.5 and 8693 §2.2.2; everything else is told as one of them. */
const known = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
  'temporarily_unavailable',
]);

function codeOf({ code, kind }: Fault): string {
  if (known.has(code)) return code;
  // A client that polls takes an unknown error for the end; this one tells it to come back later.
  if (kind === 'rate-limited') return 'slow_down';
  if (kind === 'invalid') return 'invalid_request';
  if (kind === 'forbidden') return 'access_denied';
  if (kind === 'unavailable' || kind === 'timeout') return 'temporarily_unavailable';
  return kind === 'unauthorized' ? 'invalid_client' : 'server_error';
}

/** The error object of RFC 6749 §5.2; its text may only have some of ASCII. */
export const oauthErrorOf = (carried: Fault): { error: string; error_description: string } => ({
  error: codeOf(carried),
  error_description: carried.message.replaceAll('’', "'").replaceAll(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, ' '),
});
