import type { IncomingHttpHeaders } from 'node:http';
import type { Credential } from './guards.ts';

export const sessionCookieName = 'vigiles_session';

/** The first cookie of that name; quotes are taken off, nothing is decoded. */
export function cookieValue(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const cut = pair.indexOf('=');
    if (cut > 0 && pair.slice(0, cut).trim() === name)
      return pair
        .slice(cut + 1)
        .trim()
        .replace(/^"|"$/g, '');
  }
  return null;
}

/** The header wins over the cookie: who sends a token means it. Null when there is neither. */
export function credentialOf(headers: IncomingHttpHeaders): Credential | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer) return { kind: 'token', value: bearer };
  if (headers.authorization !== undefined) return { kind: 'token', value: '' };
  const cookie = cookieValue(headers.cookie, sessionCookieName);
  return cookie ? { kind: 'cookie', value: cookie } : null;
}

/** A `Set-Cookie` value that only this server sees and no other site can make the browser send. */
export function sessionCookie(value: string, maxAgeS: number): string {
  return `${sessionCookieName}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeS}`;
}
