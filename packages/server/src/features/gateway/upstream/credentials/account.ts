import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Fault, Result } from '../../../../kernel/fault.ts';
import type { Fetched } from './token-cache.ts';

/** A token of a connected account. `generation` tells which one it was, `expiresAt` until when it is good (UTC ms). */
export interface AccountToken {
  access: string;
  generation: number;
  expiresAt: number | null;
}

/** Accounts that a person connected (`oauth.providers`): whoever holds them renews them. */
export interface AccountTokens {
  /** @param refusedGeneration the token a provider just answered 401 to */
  token(account: string, refusedGeneration: number | undefined): Promise<Result<AccountToken>>;
  /** Calls back when an account was connected, renewed, disconnected or found to have ended. */
  onChanged(told: (account: string) => void): void;
}

/** No turn waits longer for a token; who renews it goes on, and the next turn finds it. */
const PATIENCE_MS = 8000;

/** A token of which nobody knows how long it is good is looked at again so soon. */
const UNNAMED_LIFETIME_MS = 1_800_000;

export interface AccountGrant {
  fetch(): Promise<Fetched>;
  /** The token that was given last was refused: another one is asked for. */
  refused(): void;
}

/** The tokens of a connected account, for one provider. */
export function createAccountGrant(
  providerId: string,
  account: string,
  tokens: AccountTokens | undefined,
  clock: Clock,
): AccountGrant {
  let given: number | undefined;
  let refusedGeneration: number | undefined;

  const failure = ({ kind, message, retryAfterMs }: Pick<Fault, 'kind' | 'message' | 'retryAfterMs'>) => {
    const refused = kind === 'conflict' || kind === 'not-found';
    const error: WireError = {
      kind: refused ? 'auth' : 'overloaded',
      source: 'gateway',
      code: refused ? 'upstream_oauth_refused' : 'upstream_oauth_unavailable',
      message: `The provider ${providerId} has no access token: ${message}`,
      ...(refused ? {} : { status: 503, retryAfterMs: retryAfterMs ?? 5000 }),
    };
    return { ok: false as const, error };
  };

  return {
    async fetch() {
      if (!tokens) return failure({ kind: 'unavailable', message: 'no accounts can be reached from here.' });
      const { promise: late, resolve } = Promise.withResolvers<null>();
      const timer = setTimeout(() => resolve(null), PATIENCE_MS);
      const found = await Promise.race([tokens.token(account, refusedGeneration), late]);
      clearTimeout(timer);
      if (!found) return failure({ kind: 'timeout', message: `“${account}” is being renewed.` });
      if (!found.ok) return failure(found.fault);
      const { access, generation, expiresAt } = found.value;
      given = generation;
      refusedGeneration = undefined;
      const lifetimeMs = expiresAt === null ? UNNAMED_LIFETIME_MS : Math.max(0, expiresAt - clock.now());
      return { ok: true, token: { value: access, lifetimeMs } };
    },
    refused: () => void (refusedGeneration = given),
  };
}
