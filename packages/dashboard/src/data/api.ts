import type { ErrorEnvelope } from '@vigiles/contract';

/**
 * A call that did not give an answer. `status` 0: the server was not reached. `retryAfterS`: seconds to wait, where
 * the server said so.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterS: number | null;
  readonly details: Record<string, unknown>;

  constructor(
    status: number,
    code: string,
    message: string,
    retryAfterS: number | null = null,
    details: Record<string, unknown> = {},
  ) {
    super(message);
    this.details = details;
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

type Query = Record<string, string | number | undefined | null>;

/** `/path?a=1`, without the parameters that are not set. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

function toError(response: Response, body: unknown): ApiError {
  const envelope = (typeof body === 'object' && body !== null ? body : {}) as Partial<ErrorEnvelope>;
  const wait = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    envelope.code ?? 'unknown',
    envelope.error ?? `The server answered ${response.status} ${response.statusText}`.trim(),
    Number.isFinite(wait) && wait > 0 ? wait : null,
    envelope.details,
  );
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'offline', 'Vigiles cannot be reached. It may have been stopped.');
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toError(response, answer);
  return answer as T;
}

/** The API of the same origin; the session is a cookie. Every failure is an {@link ApiError}. */
export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
    call<T>('GET', withQuery(path, query), undefined, signal),
  post: <T>(path: string, body: unknown = {}): Promise<T> => call<T>('POST', path, body),
  patch: <T>(path: string, body: unknown): Promise<T> => call<T>('PATCH', path, body),
  remove: <T>(path: string): Promise<T> => call<T>('DELETE', path),
};
