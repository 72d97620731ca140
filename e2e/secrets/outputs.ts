import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Vigiles } from '../harness/vigiles.ts';
import type { Driven } from './drive.ts';

export type Outputs = Map<string, string[]>;

/** The arguments of every process there is, looked at over and over: a short-lived child is to be seen too. */
export function watchArguments() {
  const lines = new Set<string>();
  // A process gets its own arguments some time after its number, and may change them: at an older one it is looked once a second.
  const looks = new Map<string, number>();
  const look = (): void => {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const seen = looks.get(pid) ?? 0;
      looks.set(pid, seen + 1);
      if (seen > 40 && seen % 40 !== 0) continue;
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        if (line) lines.add(line);
      } catch {
        // It ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, 25);
  return {
    stop(): string[] {
      clearInterval(timer);
      return [...lines];
    },
  };
}

/** Everything an open stream says until it is closed. */
export async function follow(vigiles: Vigiles, path: string) {
  const parts: string[] = [];
  const ending = new AbortController();
  const answer = await fetch(vigiles.url + path, {
    headers: { authorization: `Bearer ${vigiles.token}`, accept: 'text/event-stream' },
    signal: ending.signal,
  });
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? [])
      parts.push(decoder.decode(chunk as Uint8Array, { stream: true }));
  })().catch(() => undefined);
  return {
    async stop(): Promise<string> {
      ending.abort();
      await reading;
      return parts.join('');
    },
  };
}

interface OpenApi {
  paths: Record<
    string,
    {
      get?: {
        parameters?: { name: string; in: string; required?: boolean }[];
        responses: Record<string, { content?: Record<string, unknown> }>;
      };
    }
  >;
}

const streams = (content: Record<string, unknown> | undefined): boolean =>
  content !== undefined && Object.keys(content).every((type) => type === 'text/event-stream');

/** What each GET route of the OpenAPI document answers; parameters are filled with ids of what was driven. */
export async function everyRoute(vigiles: Vigiles, ids: Driven['ids']): Promise<string[]> {
  const { paths } = await vigiles.api<OpenApi>('/openapi.json');
  const texts: string[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get || streams(get.responses['200']?.content)) continue;
    const id = Object.entries(ids).find(([part]) => path.includes(`${part}{`))?.[1];
    const filled = path.replace(/\{[^}]+\}/g, id ?? 'none').replace('*', 'me');
    const query = (get.parameters ?? []).filter((one) => one.in === 'query' && one.required);
    const asked = `${filled}?${new URLSearchParams(query.map(({ name }): [string, string] => [name, 'none'])).toString()}`;
    const answer = await fetch(vigiles.url + asked, {
      headers: { authorization: `Bearer ${vigiles.token}` },
    });
    texts.push(`${asked} → ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  }
  return texts;
}

/** A text answer of the API. */
async function textOf(vigiles: Vigiles, path: string): Promise<string> {
  const answer = await fetch(vigiles.url + path, { headers: { authorization: `Bearer ${vigiles.token}` } });
  if (!answer.ok) throw new Error(`${path} → ${answer.status}`);
  return answer.text();
}

/** The whole event log, page after page. */
async function allEvents(vigiles: Vigiles): Promise<string[]> {
  const pages: string[] = [];
  for (let after = 0; ;) {
    const text = await textOf(vigiles, `/api/v1/events?limit=500&after_seq=${after}`);
    const { events } = JSON.parse(text) as { events: { seq: number }[] };
    const last = events.at(-1);
    if (!last) return pages;
    pages.push(text);
    after = last.seq;
  }
}

/** What a running Vigiles tells whoever may ask it. */
export async function askedOutputs(vigiles: Vigiles, { answers, ids }: Driven): Promise<Outputs> {
  const one = async (...paths: string[]): Promise<string[]> => {
    const texts: string[] = [];
    for (const path of paths) texts.push(await textOf(vigiles, path));
    return texts;
  };
  const history = '/api/v1/notifications/export?limit=500&format=';
  return new Map([
    ['answers to what was driven', answers],
    ['GET routes', await everyRoute(vigiles, ids)],
    ['event log', await allEvents(vigiles)],
    ['audit', await one('/api/v1/audit?limit=500', '/api/v1/audit/export.csv', '/api/v1/audit/export.jsonl')],
    ['configuration', await one('/api/v1/config', '/api/v1/config/source', '/api/v1/config/history')],
    ['notification export', await one(`${history}json`, `${history}csv`, `${history}markdown`)],
    ['incident export', await one(`/api/v1/incidents/${ids['/incidents/'] ?? ''}/export`)],
    [
      'session export',
      await one(
        '/api/v1/sessions/talkative/export?format=jsonl',
        '/api/v1/sessions/talkative/export?format=ag-ui',
        '/api/v1/sessions/talkative/events?limit=500',
      ),
    ],
    ['plugin output', await one('/api/v1/plugin-processes/talkative/output')],
    ['logs', await one('/api/v1/logs?limit=1000')],
    ['metrics', await one('/metrics')],
  ]);
}

/** Every file below a folder as it lies there: the database with all its tables, logs, run files, caches. */
export function filesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, 'latin1')];
    }),
  );
}
