import { askJson, momentOf } from './json-predicate.ts';
import { parseJsonPath, selectJson } from './json-path.ts';

/** A fact about a file of state that is a fault when it holds: E1 to E4 of the catalogue. */
export interface StateFact {
  predicate: 'unparseable' | 'content_type_array' | 'dead_pids' | 'stale_port' | 'expired';
  holds: boolean;
  /** What was found, for people: no secrets. */
  fields: Record<string, string | number | boolean | null>;
}

/** E1: a cache of what providers can do with a value that cannot be. */
export function arrayContentType(document: unknown): StateFact {
  const { holds, found } = askJson(document, { path: '$..content_type', is: 'equals', value: 'array' }, 0);
  return { predicate: 'content_type_array', holds, fields: { values: found.length } };
}

/** A pid as files write it, with the start of its process where they say it (`pid`, `start_time`). */
interface WrittenPid {
  pid: number;
  startTime: string | null;
}

const mostPids = 1000;

/** The pids in a file: numbers in a list, under names with `pid` in them, or as names themselves (`{"4711": {…}}`). */
export function pidsIn(document: unknown): WrittenPid[] {
  const found = new Map<number, string | null>();
  const take = (value: unknown, startTime: string | null): void => {
    const pid = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
    if (typeof pid === 'number' && Number.isInteger(pid) && pid > 1 && found.size < mostPids)
      found.set(pid, startTime);
  };
  for (const node of selectJson(document, parseJsonPath('$..*') ?? []).concat([document])) {
    if (Array.isArray(node)) for (const one of node) take(one, null);
    else if (typeof node === 'object' && node !== null)
      for (const [name, value] of Object.entries(node)) {
        const start = (node as Record<string, unknown>)['start_time'];
        if (/(^|_)pids?$/i.test(name)) take(value, typeof start === 'string' ? start : null);
        else if (/^\d{2,10}$/.test(name)) take(name, null);
      }
    else if (node === document) take(node, null);
  }
  return [...found].map(([pid, startTime]) => ({ pid, startTime }));
}

/** E2: pids of processes that do not run any more. */
export function deadPids(document: unknown, runs: (written: WrittenPid) => boolean): StateFact {
  const dead = pidsIn(document).filter((written) => !runs(written));
  const shown = dead.slice(0, 10).map(({ pid }) => pid);
  return {
    predicate: 'dead_pids',
    holds: dead.length > 0,
    fields: { dead: dead.length, pids: shown.join(', ') },
  };
}

/** `vigiles connect codex` and the launcher before it. */
const ours = /^(?:vigiles|codex-(?:launcher|proxy))/i;

/**
 * E3: a Codex config.toml that leads to a port of this machine on which our gateway does not serve. Only providers that were
 * written for a gateway of ours count, by their id: whoever uses a server of their own beside it has nothing wrong.
 */
export function stalePort(toml: string, gatewayPort: number): StateFact {
  const first = codexProviders(toml).find(
    ({ id, port }) => port !== null && port !== gatewayPort && ours.test(id),
  );
  return {
    predicate: 'stale_port',
    holds: first !== undefined,
    fields: { provider: first?.id ?? null, port: first?.port ?? null, gateway_port: gatewayPort },
  };
}

/** The little of TOML that Codex’s providers need: `[model_providers.<id>]` tables and strings on one line. */
function codexProviders(toml: string): { id: string; port: number | null }[] {
  let table = '';
  const providers: { id: string; port: number | null }[] = [];
  for (const line of toml.slice(0, 1 << 20).split('\n')) {
    const header = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line);
    if (header) {
      table = (header[1] ?? '').trim();
      continue;
    }
    const entry = /^\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/.exec(line);
    if (!entry) continue;
    const value = entry[2] ?? entry[3] ?? '';
    const id = /^model_providers\.(?:"([^"]+)"|'([^']+)'|([\w-]+))$/.exec(table);
    if (id && entry[1] === 'base_url')
      providers.push({ id: id[1] ?? id[2] ?? id[3] ?? '', port: loopbackPort(value) });
  }
  return providers;
}

function loopbackPort(url: string): number | null {
  const found = /^https?:\/\/(?:127\.\d+\.\d+\.\d+|localhost|\[::1\]):(\d{1,5})(?:\/|$)/i.exec(url);
  return found ? Number(found[1]) : null;
}

const expiries = ['expiry_ts', 'expires_at', 'expiry_date', 'expiry', 'expires', 'expiresAt', 'token_expiry'];

/** E4: a token that has run out, by whatever name its file gives the moment. */
export function expiredToken(document: unknown, now: number): StateFact {
  const moments = expiries.flatMap((name) =>
    selectJson(document, parseJsonPath(`$..${name}`) ?? []).flatMap((value) => momentOf(value) ?? []),
  );
  const earliest = moments.length > 0 ? Math.min(...moments) : null;
  return {
    predicate: 'expired',
    holds: earliest !== null && earliest < now,
    fields: {
      expired_at: earliest,
      seconds_ago: earliest === null ? null : Math.round((now - earliest) / 1000),
    },
  };
}
