/** What providers answer in place of RFC 6749’s `invalid_grant`. */
const spent = new Set([
  'invalid_grant',
  'bad_refresh_token',
  'bad_verification_code',
  'invalid_refresh_token',
  'token_expired',
  'token_revoked',
  'invalid_code',
  'code_already_used',
]);

/**
 * Some providers answer errors with status 200. The body of such an answer as RFC 6749 §5.2 would have it; null where it is none.
 */
export function hiddenError(body: unknown): { error: string } | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const { error, access_token: token } = body as Record<string, unknown>;
  if (typeof error !== 'string' || token !== undefined) return null;
  return { error: spent.has(error) ? 'invalid_grant' : error };
}

/** An error code that may be shown: providers have been seen to put whole tokens there. */
export const shownCode = (code: unknown): string =>
  typeof code === 'string' && /^[a-z][a-z_]{1,50}$/.test(code) ? code : 'unknown_error';
