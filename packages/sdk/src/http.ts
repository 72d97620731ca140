import { backoffMs } from './core/backoff.ts';
import { VigilesError } from './core/vigiles-error.ts';
import { wait } from './wait.ts';

/** Where Vigiles is and who asks. */
export interface Connection {
  /** `http://localhost:8765` */
  url: string;
  /** A device token: `vgl_…`. */
  token: string;
}

export interface CallOptions {
  body?: unknown;
  signal?: AbortSignal;
  /** After this much silence it counts as no answer. Milliseconds. */
  timeoutMs?: number;
}

/** Calls of the HTTP API. */
export interface Http {
  /** One try. Raises {@link VigilesError}. */
  call<T>(method: string, path: string, options?: CallOptions): Promise<T>;
  /**
   * Until it succeeds, is refused for good, or the signal is aborted. For calls that may be made twice: reading, and what
   * carries an id of its own.
   */
  persist<T>(method: string, path: string, options?: CallOptions): Promise<T>;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

async function errorOf(response: Response): Promise<VigilesError> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  const said = isObject(body) ? body : {};
  const details = isObject(said['details']) ? said['details'] : undefined;
  return new VigilesError({
    status: response.status,
    code: textOf(said['code']) ?? 'http_error',
    message: textOf(said['error']) ?? textOf(said['detail']) ?? `HTTP ${response.status}`,
    retryAfterMs: retryAfterMs(response, details),
    details,
  });
}

/** How long to wait before the next try: exact where the server says so, else in whole seconds as the header has it. */
function retryAfterMs(response: Response, details: Record<string, unknown> | undefined): number | undefined {
  const exact = details?.['retry_after_ms'];
  if (typeof exact === 'number') return exact;
  const seconds = Number(response.headers.get('retry-after'));
  return response.headers.has('retry-after') && Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

export function createHttp({ url, token }: Connection): Http {
  const origin = url.replace(/\/+$/, '');

  const call = async <T>(method: string, path: string, options: CallOptions = {}): Promise<T> => {
    const { body, signal, timeoutMs = 30_000 } = options;
    const limit = AbortSignal.timeout(timeoutMs);
    let response: Response;
    try {
      response = await fetch(origin + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      if (response.ok) return (await response.json()) as T;
    } catch (cause) {
      const message = `${method} ${path}: no answer from ${origin}`;
      throw new VigilesError({ status: 0, code: 'network_error', message, cause });
    }
    throw await errorOf(response).catch(
      (cause: unknown) =>
        new VigilesError({ status: 0, code: 'network_error', message: 'The answer broke off', cause }),
    );
  };

  return {
    call,
    async persist<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await call<T>(method, path, options);
        } catch (thrown) {
          const again = thrown instanceof VigilesError && thrown.retryable && !options.signal?.aborted;
          if (!again) throw thrown;
          await wait(backoffMs(attempt, Math.random(), thrown.retryAfterMs), options.signal);
        }
      }
    },
  };
}
