import type { ProviderConfig } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ProviderType } from '../../providers/define-provider.ts';
import { createAccountGrant, type AccountTokens } from './account.ts';
import { createAwsCredential } from './aws.ts';
import type { Credential } from './credential.ts';
import { fetchGoogleToken } from './google.ts';
import { createOauthGrant, type OauthGrant, type RefreshTokens } from './oauth.ts';
import { createTokenCache, type TokenCache } from './token-cache.ts';

export type { AccountTokens } from './account.ts';
export type { RefreshTokens } from './oauth.ts';

/** What authorises the providers' requests. */
export interface Credentials {
  /**
   * The credential of a configured provider, its references resolved; null where a key in its headers is all there is,
   * a text where the configuration contradicts itself. A provider whose configuration has not changed keeps its token.
   */
  open(config: ProviderConfig, type: ProviderType): Credential | null | string;
}

interface Kept {
  /** What it was made from, the refresh token aside. */
  recipe: string;
  refreshTokenAtFirst: string | undefined;
  grant: OauthGrant | undefined;
  credential: Credential;
  /** The connected account whose tokens it uses. */
  account?: { id: string; forget(): void };
}

/** Where values that must not be seen are told, and taken back once they are worth nothing. */
export interface SecretWatch {
  register(value: string): void;
  forget(value: string): void;
}

export function createCredentials({
  clock,
  log,
  refreshTokens,
  accounts,
  secrets,
}: {
  clock: Clock;
  log: Log;
  refreshTokens: RefreshTokens | undefined;
  accounts?: AccountTokens | undefined;
  secrets?: SecretWatch | undefined;
}): Credentials {
  const kept = new Map<string, Kept>();
  accounts?.onChanged((id) => {
    for (const { account } of kept.values()) if (account?.id === id) account.forget();
  });

  function cached(providerId: string, fetch: OauthGrant['fetch']): TokenCache {
    const failed = ({ message }: WireError): void =>
      log.warn({ provider: providerId, problem: message }, 'a provider’s access token could not be had');
    const recent: string[] = [];
    /** The one before is still in requests under way, whose answers may repeat it. */
    function holding(token: string): void {
      if (recent.includes(token)) return;
      recent.push(token);
      secrets?.register(token);
      const old = recent.length > 2 ? recent.shift() : undefined;
      if (old !== undefined) secrets?.forget(old);
    }
    return createTokenCache({ fetch, clock, failed, holding });
  }

  function make(config: ProviderConfig, type: ProviderType): Omit<Kept, 'recipe'> | string {
    const { id, oauth, oauth_account: account, google, aws, region } = config;
    if (oauth) {
      const grant = createOauthGrant({ providerId: id, config: oauth, log, refreshTokens });
      const credential = cached(id, grant.fetch);
      return { grant, credential, refreshTokenAtFirst: oauth.refresh_token };
    }
    const plain = { grant: undefined, refreshTokenAtFirst: undefined };
    if (account !== undefined) {
      const grant = createAccountGrant(id, account, accounts, clock);
      const cache = cached(id, grant.fetch);
      const credential: Credential = {
        authorise: (request) => cache.authorise(request),
        refused() {
          const again = cache.refused();
          if (again) grant.refused();
          return again;
        },
      };
      return { ...plain, credential, account: { id: account, forget: () => cache.forget() } };
    }
    if (google !== undefined) {
      return { ...plain, credential: cached(id, () => fetchGoogleToken(id, google, clock)) };
    }
    if (!aws) return 'has no credential';
    if (!type.awsService) return `is of a type (${type.type}) whose requests are not signed: aws has no use`;
    if (region === undefined) return 'needs a region to sign for';
    const scope = { region, service: type.awsService };
    return { ...plain, credential: createAwsCredential(aws, scope, clock) };
  }

  return {
    open(config, type) {
      const { id, api_key, oauth, oauth_account, google, aws, region } = config;
      const given = Object.entries({ api_key, oauth, oauth_account, google, aws }).filter(
        ([, value]) => value !== undefined,
      );
      if (given.length > 1) return `has ${given.map(([name]) => name).join(' and ')}; one of them is enough`;
      if (given.length === 0 || api_key !== undefined) {
        kept.delete(id);
        return null;
      }
      const recipe = JSON.stringify([
        type.type,
        { ...oauth, refresh_token: null },
        oauth_account,
        google,
        aws,
        region,
      ]);
      const known = kept.get(id);
      // A refresh token that was replaced comes back here through the configuration; it is the one in use already.
      const same =
        known?.recipe === recipe &&
        [known.refreshTokenAtFirst, known.grant?.refreshToken()].includes(oauth?.refresh_token);
      if (same) return known.credential;
      const made = make(config, type);
      if (typeof made === 'string') return made;
      kept.set(id, { recipe, ...made });
      return made.credential;
    },
  };
}
