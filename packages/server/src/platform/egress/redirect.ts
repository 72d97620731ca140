/** Headers that may go to another origin than they were meant for. */
const harmless = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent']);

export interface Hop {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

/**
 * The next request of a redirect, or why it is not followed. Another origin gets neither credentials nor the body: both were
 * meant for the first one. Fetch standard, HTTP-redirect fetch.
 */
export function followRedirect(hop: Hop, status: number, location: string): Hop | string {
  let url: URL;
  try {
    url = new URL(location, hop.url);
  } catch {
    return 'it redirects to something that is no address';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `it redirects to ${url.protocol}`;
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') return 'it redirects from https to http';
  if (url.username || url.password) return 'it redirects to an address with a password';
  const sameOrigin = url.origin === hop.url.origin;
  const becomesGet =
    (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  if (!sameOrigin && !becomesGet && hop.body !== undefined) return 'it redirects the content to another host';
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(([name]) =>
      sameOrigin ? !(becomesGet && /^content-/i.test(name)) : harmless.has(name.toLowerCase()),
    ),
  );
  return becomesGet
    ? { method: 'GET', url, headers, body: undefined }
    : { method: hop.method, url, headers, body: hop.body };
}
