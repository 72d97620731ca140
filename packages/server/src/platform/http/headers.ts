import type { RateVerdict } from './guards.ts';

/** The dashboard needs no other host; inline styles are how its component library positions things. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** `RateLimit-*` (IETF draft) and the `X-RateLimit-*` that older clients read; seconds. */
export function rateHeaders(verdict: RateVerdict): Record<string, string> {
  const resetS = String(Math.ceil(verdict.resetMs / 1000));
  const headers: Record<string, string> = {};
  for (const prefix of ['ratelimit', 'x-ratelimit']) {
    headers[`${prefix}-limit`] = String(verdict.limit);
    headers[`${prefix}-remaining`] = String(verdict.remaining);
    headers[`${prefix}-reset`] = resetS;
  }
  headers['x-ratelimit-tier'] = verdict.tier;
  return headers;
}
