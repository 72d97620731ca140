import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser page of this origin may talk to us: our own page (the origin's host is the one the request
 * was sent to) or one named in `server.allowed_origins`. The scheme is not compared, so that TLS may end in
 * front of us. A missing header means no browser, or a plain navigation.
 */
export function originAllowed(headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  const origin = headers.origin;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.host !== '' && url.host === headers.host?.toLowerCase()) return true;
  return isListed(origin, allowedOrigins);
}

/** Whether the origin is one of the configured ones. */
export function isListed(origin: string, allowedOrigins: readonly string[]): boolean {
  return allowedOrigins.some((allowed) => URL.canParse(allowed) && new URL(allowed).origin === origin);
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a call by this method may change something. */
export const changesState = (method: string): boolean => !safeMethods.has(method);
