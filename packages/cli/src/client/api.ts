import { CliError, exitCode } from '../exit-codes.ts';
import { readControlFile } from './control-file.ts';
import { readRemote } from './remote-file.ts';

/** Calls control over HTTP, as any device does. */
export interface Api {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** @param waitMs how long the answer may take; 15 s unless said otherwise */
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, waitMs?: number): Promise<T>;
  /** Sends bytes as they are. */
  upload<T>(path: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<T>;
  /** A response whose body is read by the caller. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
}

/** An answer that is not a success; `code` is the API's. */
export class ApiError extends CliError {
  readonly status: number;
  readonly code: string;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    const { error, code } = (body ?? {}) as { error?: unknown; code?: unknown };
    super(typeof error === 'string' ? error : `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = typeof code === 'string' ? code : '';
    this.body = body;
  }
}

const notRunning = (home: string) =>
  new CliError(
    `Vigiles is not running here (home ${home}). Start it with: vigiles start`,
    exitCode.notRunning,
  );

const defaultWaitMs = 15_000;
const uploadWaitMs = 300_000;

/** @param away what to say where it cannot be reached */
export function createApi(
  url: string,
  token: string,
  home: string,
  away: () => Error = () => notRunning(home),
): Api {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    timeoutMs = defaultWaitMs,
    headers: Record<string, string> = {},
  ): Promise<unknown> => {
    const bytes = body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : null;
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: bytes ?? (body === undefined ? null : JSON.stringify(body)),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (thrown) {
      if ((thrown as Error).name === 'TimeoutError') {
        throw new CliError(
          `Vigiles at ${url} did not answer within ${timeoutMs / 1000} s.`,
          exitCode.unhealthy,
        );
      }
      throw away();
    }
    const text = await response.text();
    let answer: unknown;
    try {
      answer = text === '' ? null : JSON.parse(text);
    } catch {
      answer = { error: `${url}${path} did not answer with JSON.` };
      if (response.ok) throw new ApiError(502, answer);
    }
    if (!response.ok) throw new ApiError(response.status, answer);
    return answer;
  };
  return {
    url,
    get: <T>(path: string) => call('GET', path) as Promise<T>,
    send: <T>(method: string, path: string, body?: unknown, waitMs?: number) =>
      call(method, path, body, waitMs) as Promise<T>,
    upload: <T>(path: string, bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
      call('POST', path, bytes, uploadWaitMs, headers) as Promise<T>,
    open: (path, headers, signal) =>
      fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}`, ...headers }, signal }),
  };
}

/** The API of the control that runs on this home, else of the one it is signed in to. Throws a CliError with exit code 3 without either. */
export function connect(home: string): Api {
  const control = readControlFile(home);
  if (control) return createApi(control.url, control.token, home);
  const remote = readRemote(home);
  if (!remote) throw notRunning(home);
  return createApi(
    remote.url,
    remote.token,
    home,
    () => new CliError(`Vigiles at ${remote.url} cannot be reached.`, exitCode.notRunning),
  );
}
