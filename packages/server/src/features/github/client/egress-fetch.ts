import type { Egress } from '../../../platform/egress/index.ts';

type FetchInit = {
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  redirect?: string;
  signal?: AbortSignal;
};

/** Not tried again by the client's retries: it would not be different a second later. */
class Refused extends Error {
  override readonly name = 'AbortError';
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']);

/** The guarded way out as the `fetch` that GitHub's client library wants. */
export function egressFetch(egress: Egress, seen: (headers: Readonly<Record<string, string>>) => void) {
  return async (url: string, init: FetchInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    if (!methods.has(method)) throw new Refused(`${method} is not used here`);
    const answer = await egress.fetch({
      url,
      reach: 'configured',
      method: method as 'GET',
      headers: init.headers ?? {},
      ...(typeof init.body === 'string' ? { body: init.body } : {}),
      ...(init.redirect === 'manual' ? { manual: true as const } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
    if (!answer.ok) {
      const { kind, message } = answer.fault;
      const passing = kind === 'timeout' || kind === 'upstream';
      throw passing ? new Error(message) : new Refused(message, { cause: answer.fault });
    }
    const { status, headers, body } = answer.value;
    seen(headers);
    const { 'content-encoding': _decoded, 'content-length': _length, ...rest } = headers;
    const empty = status === 204 || status === 205 || status === 304;
    return new Response(empty ? null : new Uint8Array(body), { status, headers: rest });
  };
}
