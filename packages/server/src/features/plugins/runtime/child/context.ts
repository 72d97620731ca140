import { Buffer } from 'node:buffer';
import type { Link } from './link.ts';

interface Asked {
  options?: Record<string, unknown>;
  secrets?: Record<string, string>;
}

interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  timeoutMs?: number;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  /** In base64. */
  body: string;
}

/** What a plugin's function gets: `PluginContext` of `@vigiles/sdk/plugin`. It counts for one call. */
export function contextOf(link: Link, call: number, params: Asked, signal: AbortSignal, dataFolder: string) {
  return {
    options: params.options ?? {},
    signal,
    dataFolder,
    secret(name: string): string {
      const value = params.secrets?.[name];
      if (value === undefined)
        throw new Error(`the secret “${name}” is not set, or the manifest does not name it`);
      return value;
    },
    async fetch(url: string | URL, request: Request = {}) {
      const { method = 'GET', headers = {}, body, timeoutMs } = request;
      const answer = (await link.ask(
        'fetch',
        {
          call,
          url: String(url),
          method,
          headers,
          ...(body === undefined ? {} : { body: Buffer.from(body as string).toString('base64') }),
          ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
        },
        signal,
      )) as Answer;
      const bytes = Buffer.from(answer.body, 'base64');
      return {
        status: answer.status,
        ok: answer.status >= 200 && answer.status < 300,
        headers: answer.headers,
        text: () => bytes.toString('utf8'),
        json: () => JSON.parse(bytes.toString('utf8')) as unknown,
        bytes: () => new Uint8Array(bytes),
      };
    },
    note: (text: string): void => link.tell('note', { call, text: text.slice(0, 1000) }),
  };
}
