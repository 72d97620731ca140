/** Headers that belong to one connection, or that the gateway sets itself (RFC 9110 §7.6.1). */
const DROPPED = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'origin',
  'referer',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'x-vigiles-device',
  'x-vigiles-workspace',
  'x-vigiles-privacy',
  'x-vigiles-intent',
  'x-vigiles-tags',
  'x-vigiles-route',
]);

type Headers = Record<string, string | string[] | undefined>;

/**
 * Headers of a request whose bytes pass through: the client's own (`anthropic-beta`, Codex's and all unknown ones),
 * with its credentials taken out and the provider's put in.
 * @param own names and values in turn; they win, except that the client's `anthropic-version` does
 */
export function passedRequestHeaders(client: Headers, own: readonly string[]): string[] {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity'];
  const nominated = client['connection'];
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i] as string;
    if (name !== 'anthropic-version' || client[name] === undefined) headers.push(name, own[i + 1] as string);
  }
  for (const name in client) {
    if (DROPPED.has(name)) continue;
    const value = client[name];
    if (value === undefined || (own.includes(name) && name !== 'anthropic-version')) continue;
    if (typeof nominated === 'string' && nominated !== 'keep-alive' && nominates(nominated, name)) continue;
    headers.push(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function nominates(connection: string, name: string): boolean {
  return connection
    .toLowerCase()
    .split(',')
    .some((token) => token.trim() === name);
}

/** Headers of a translated request: nothing of the client's protocol makes sense to another one. */
export function translatedRequestHeaders(client: Headers, own: readonly string[], stream: boolean): string[] {
  const headers = ['content-type', 'application/json', 'accept-encoding', 'identity', ...own];
  headers.push('accept', stream ? 'text/event-stream' : 'application/json');
  const agent = client['user-agent'];
  if (typeof agent === 'string' && !own.includes('user-agent')) headers.push('user-agent', agent);
  return headers;
}

const NOT_RETURNED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
  'set-cookie',
  'alt-svc',
  'strict-transport-security',
  'date',
]);

/** Headers of the provider's answer that the client may see: request ids, rate-limit counters, `x-codex-turn-state` … */
export function returnedHeaders(upstream: Headers): string[] {
  const headers: string[] = [];
  for (const name in upstream) {
    const value = upstream[name];
    if (value === undefined || NOT_RETURNED.has(name)) continue;
    if (Array.isArray(value)) for (const one of value) headers.push(name, one);
    else headers.push(name, value);
  }
  return headers;
}

/** One header's value; several become one, as HTTP allows. */
export function oneHeader(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Headers as the wire package reads them. */
export function plainHeaders(headers: Headers): Record<string, string | undefined> {
  const plain: Record<string, string | undefined> = {};
  for (const name in headers) plain[name] = oneHeader(headers, name);
  return plain;
}
