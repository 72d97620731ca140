import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Authorised, Credential } from './credential.ts';

/** An access token, and how long it is good for. */
export interface Token {
  value: string;
  lifetimeMs: number;
  /** Headers that go with it, names and values in turn. */
  headers?: readonly string[];
}

export type Fetched = { ok: true; token: Token } | { ok: false; error: WireError };

export interface TokenCacheOptions {
  /** Asks for a new token. Must answer within a bounded time and never reject. */
  fetch(): Promise<Fetched>;
  clock: Clock;
  /** Told of every failure, once. */
  failed(error: WireError): void;
  /** Told of each token that is held from now on. */
  holding(token: string): void;
}

/** A token is replaced this long before it ends; turns go on with the old one meanwhile. */
const AHEAD_MS = 300_000;

/** After a failure the token endpoint is left alone this long; a refused grant does not become good by asking. */
const REST_MS = 5000;
const REST_REFUSED_MS = 60_000;

/** A token that was refused younger than this would be refused again. */
const MIN_AGE_MS = 10_000;

interface Held {
  headers: readonly string[];
  obtainedAt: number;
  refreshAt: number;
  endsAt: number;
}

/** A credential that may be told that all it knows is old. */
export interface TokenCache extends Credential {
  forget(): void;
}

/**
 * Keeps one access token and replaces it five minutes before it ends, or at half its life where that is shorter. However
 * many turns want it, one request is under way; they only wait for it where no token is left that is good.
 */
export function createTokenCache(options: TokenCacheOptions): TokenCache {
  const { fetch, clock, failed, holding } = options;
  let held: Held | undefined;
  let underWay: Promise<Authorised> | undefined;
  let failure: { error: WireError; until: number } | undefined;
  let forgotten = 0;

  async function replace(): Promise<Authorised> {
    const before = forgotten;
    const fetched = await fetch();
    const now = clock.now();
    // What was asked for before all was forgotten serves those that wait for it, and nobody else.
    const current = before === forgotten;
    if (current) underWay = undefined;
    if (!fetched.ok) {
      const rest = fetched.error.kind === 'auth' ? REST_REFUSED_MS : REST_MS;
      if (current) failure = { error: fetched.error, until: now + rest };
      failed(fetched.error);
      return { ok: false, error: fetched.error };
    }
    const { value, lifetimeMs, headers = [] } = fetched.token;
    const next: Held = {
      headers: ['authorization', `Bearer ${value}`, ...headers],
      obtainedAt: now,
      refreshAt: now + Math.max(lifetimeMs - AHEAD_MS, lifetimeMs / 2),
      endsAt: now + lifetimeMs,
    };
    if (current) {
      failure = undefined;
      holding(value);
      held = next;
    }
    return { ok: true, headers: next.headers };
  }

  return {
    authorise() {
      const now = clock.now();
      const resting = failure !== undefined && now < failure.until;
      if (held && now < held.endsAt) {
        if (now >= held.refreshAt && !underWay && !resting) underWay = replace();
        return { ok: true, headers: held.headers };
      }
      if (failure && resting) return { ok: false, error: failure.error };
      return (underWay ??= replace());
    },
    refused() {
      if (!held || clock.now() - held.obtainedAt < MIN_AGE_MS) return false;
      held = undefined;
      return true;
    },
    forget() {
      forgotten += 1;
      held = undefined;
      underWay = undefined;
      failure = undefined;
    },
  };
}
