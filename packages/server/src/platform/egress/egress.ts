import type { Agent } from 'undici';
import type { VigilesConfig } from '@vigiles/contract';
import { fault, failed, FaultError, ok, type Fault, type Result } from '../../kernel/fault.ts';
import { createPlacePolicy, type PlacePolicy } from './place-policy.ts';
import { readBody } from './read-body.ts';
import { followRedirect, type Hop } from './redirect.ts';
import { checkedAddresses, systemResolver, type Resolver } from './resolve-host.ts';

/**
 * Whose address it is. `configured`: it stands in vigiles.yaml, so that `egress.allow_private` holds for it. `asked`: an agent,
 * a device or a web page named it; only public addresses, and those of `egress.allow_private_asked`.
 */
export type Reach = 'configured' | 'asked';

export interface EgressRequest {
  url: string;
  reach: Reach;
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'PROPFIND';
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** How many redirects are followed; absent: what the configuration says for GET and HEAD, none for the others. */
  redirects?: number;
  /** Less than what the configuration allows. */
  timeoutMs?: number;
  maxBytes?: number;
  /** A redirect is an answer with its `location`, not followed. */
  manual?: true;
  /**
   * Takes the decoded body piece by piece, so that nothing of it is kept; `body` is then empty. False: that was enough.
   * Only `maxBytes` limits it.
   */
  take?: (chunk: Buffer) => boolean;
  /** Told how many bytes of the decoded body came, piece by piece, whatever becomes of the answer. A fault it raises ends it. */
  received?: (bytes: number) => void;
  signal?: AbortSignal;
}

export interface EgressAnswer {
  status: number;
  /** Lower-case names; of repeated ones the first. */
  headers: Record<string, string>;
  /** Decoded. */
  body: Buffer;
  /** Where it came from in the end. */
  url: string;
}

/** The one guarded way out. Whatever leaves for an address that somebody typed goes through it. */
export interface Egress {
  /**
   * Any answer of the other side is a value, also 404 and 500. Faults: `egress_bad_address`, `egress_private_address`,
   * `egress_name_unknown`, `egress_redirect`, `egress_too_large`, `egress_bad_answer`, `egress_timeout`, `egress_cancelled`,
   * `egress_unreachable`. No fault holds more of the address than its host.
   */
  fetch(asked: EgressRequest): Promise<Result<EgressAnswer>>;
  /** Checked addresses of a host, for protocols other than HTTP: dial one of them, never the name again. */
  addresses(host: string, port: number, reach: Reach): Promise<Result<readonly string[]>>;
  close(): Promise<void>;
}

export interface EgressOptions {
  config(): VigilesConfig['egress'];
  resolve?: Resolver;
}

interface Ways {
  key: string;
  policies: Record<Reach, PlacePolicy>;
  /** Null until something is sent. */
  agents: Record<Reach, Agent> | null;
}

/** What speaks HTTP takes 3 MB: most that run for weeks without sending anything out do without. */
const loadDial = async () => ({
  ...(await import('./guarded-agent.ts')),
  ...(await import('../dial/index.ts')),
});

const userAgent = 'vigiles';

export function createEgress({ config, resolve = systemResolver }: EgressOptions): Egress {
  let ways: Ways | null = null;

  /** New connections for a new configuration: those of the old one lead where it allowed. */
  function current(): Ways {
    const { allow_private: allow, allow_private_asked: asked, connect_timeout_s: connectS } = config();
    const key = JSON.stringify([allow, asked, connectS]);
    if (ways?.key === key) return ways;
    void ways?.agents?.configured.close();
    void ways?.agents?.asked.close();
    const policies = {
      configured: createPlacePolicy(allow),
      asked: createPlacePolicy(asked, 'egress.allow_private_asked'),
    };
    ways = { key, policies, agents: null };
    return ways;
  }

  function agentOf(reach: Reach, { createGuardedAgent }: Awaited<ReturnType<typeof loadDial>>): Agent {
    const now = current();
    const connectTimeoutMs = config().connect_timeout_s * 1000;
    const agent = (policy: PlacePolicy) => createGuardedAgent({ policy, resolve, connectTimeoutMs });
    now.agents ??= { configured: agent(now.policies.configured), asked: agent(now.policies.asked) };
    return now.agents[reach];
  }

  async function walk(asked: EgressRequest, signal: AbortSignal): Promise<Result<EgressAnswer>> {
    const dial = await loadDial();
    const limits = config();
    const policy = current().policies[asked.reach];
    const dispatcher = agentOf(asked.reach, dial);
    const first = firstHop(asked);
    if (typeof first === 'string') return failed(fault('invalid', 'egress_bad_address', first));
    const idempotent = first.method === 'GET' || first.method === 'HEAD';
    let left = asked.redirects ?? (idempotent ? limits.max_redirects : 0);
    const kept = asked.take ? Infinity : limits.max_body_mb * 1_048_576;
    const maxBytes = Math.min(asked.maxBytes ?? Infinity, kept);
    for (let hop: Hop = first; ; left -= 1) {
      // Before each request: a socket that is open already is not checked by the connector again.
      const literal = literalOf(hop.url);
      if (literal !== null) {
        const found = await checkedAddresses(literal, portOf(hop.url), policy, resolve);
        if (!found.ok) return found;
      }
      const answer = await dial.request(hop.url, {
        method: hop.method,
        headers: hop.headers,
        body: hop.body ?? null,
        dispatcher,
        signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const headers = flatten(answer.headers);
      const location = headers['location'];
      const redirects = [301, 302, 303, 307, 308].includes(answer.statusCode) && location !== undefined;
      if (!redirects || asked.manual) {
        const body =
          hop.method === 'HEAD'
            ? await answer.body.dump().then(() => Buffer.alloc(0))
            : await readBody(
                answer.body,
                headers['content-encoding'] ?? '',
                maxBytes,
                asked.take,
                asked.received,
              );
        return ok({ status: answer.statusCode, headers, body, url: hop.url.href });
      }
      await answer.body.dump({ limit: 65_536, signal });
      const refuse = (why: string) =>
        failed(fault('upstream', 'egress_redirect', `${hop.url.host}: ${why}.`));
      if (left <= 0) {
        const to = URL.canParse(location, hop.url.href) ? new URL(location, hop.url).host : 'somewhere';
        return refuse(
          (asked.redirects ?? (idempotent ? 1 : 0)) === 0
            ? `it redirects to ${to}; use the address it has now`
            : 'it redirects too often',
        );
      }
      const next = followRedirect(hop, answer.statusCode, location);
      if (typeof next === 'string') return refuse(next);
      hop = next;
    }
  }

  return {
    async fetch(asked) {
      const timeoutMs = Math.ceil(Math.min(asked.timeoutMs ?? Infinity, config().timeout_s * 1000));
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = asked.signal ? AbortSignal.any([asked.signal, timeout]) : timeout;
      try {
        return await walk(asked, signal);
      } catch (thrown) {
        return failed(faultOf(thrown, asked, timeout, timeoutMs));
      }
    },
    addresses: (host, port, reach) => checkedAddresses(host, port, current().policies[reach], resolve),
    async close() {
      const { agents } = ways ?? {};
      ways = null;
      await Promise.all([agents?.configured.destroy(), agents?.asked.destroy()]);
    },
  };
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

/** The address in a URL whose host is one; the URL parser has folded every other spelling by then. */
function literalOf(url: URL): string | null {
  const host = url.hostname;
  if (host.startsWith('[')) return host.slice(1, -1);
  return /^\d+(\.\d+){3}$/.test(host) ? host : null;
}

function firstHop(asked: EgressRequest): Hop | string {
  if (asked.url.length > 2048) return 'The address is longer than 2048 characters.';
  let url: URL;
  try {
    url = new URL(asked.url);
  } catch {
    return 'That is no valid address.';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `Addresses of ${url.protocol} are not used.`;
  const headers: Record<string, string> = {
    'user-agent': userAgent,
    'accept-encoding': 'gzip, deflate, br',
    ...asked.headers,
  };
  if (url.username || url.password) {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers['authorization'] ??= `Basic ${Buffer.from(pair).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  url.hash = '';
  return { method: asked.method ?? 'GET', url, headers, body: asked.body };
}

const flatten = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const text = Array.isArray(value) ? value[0] : value;
      return text === undefined ? [] : [[name.toLowerCase(), text]];
    }),
  );

function faultOf(thrown: unknown, asked: EgressRequest, timeout: AbortSignal, timeoutMs: number): Fault {
  if (thrown instanceof FaultError) return thrown.fault;
  const host = URL.canParse(asked.url) ? new URL(asked.url).host : 'the host';
  const { code } = (thrown ?? {}) as { code?: string };
  if (timeout.aborted || code === 'UND_ERR_CONNECT_TIMEOUT') {
    const seconds = timeout.aborted ? ` within ${timeoutMs / 1000} s` : ' in time';
    return fault('timeout', 'egress_timeout', `${host} gave no whole answer${seconds}.`, { cause: thrown });
  }
  if (asked.signal?.aborted) return fault('cancelled', 'egress_cancelled', 'The request was cancelled.');
  const why = typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? ` (${code})` : '';
  return fault('upstream', 'egress_unreachable', `${host} could not be reached${why}.`, { cause: thrown });
}
