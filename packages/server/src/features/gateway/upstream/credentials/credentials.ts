import type { ProviderConfig } from '@vigiles/contract';
import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { ProviderType } from '../../providers/define-provider.ts';
import { createAwsCredential } from './aws.ts';
import type { Credential } from './credential.ts';
import { fetchGoogleToken } from './google.ts';
import { createOauthGrant, type OauthGrant, type RefreshTokens } from './oauth.ts';
import { createTokenCache } from './token-cache.ts';

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
}

export function createCredentials({
  clock,
  log,
  refreshTokens,
}: {
  clock: Clock;
  log: Log;
  refreshTokens: RefreshTokens | undefined;
}): Credentials {
  const kept = new Map<string, Kept>();

  function cached(providerId: string, fetch: OauthGrant['fetch']): Credential {
    const failed = ({ message }: WireError): void =>
      log.warn({ provider: providerId, problem: message }, 'a provider’s access token could not be had');
    return createTokenCache({ fetch, clock, failed });
  }

  function make(config: ProviderConfig, type: ProviderType): Omit<Kept, 'recipe'> | string {
    const { id, oauth, google, aws, region } = config;
    if (oauth) {
      const grant = createOauthGrant({ providerId: id, config: oauth, log, refreshTokens });
      const credential = cached(id, grant.fetch);
      return { grant, credential, refreshTokenAtFirst: oauth.refresh_token };
    }
    const plain = { grant: undefined, refreshTokenAtFirst: undefined };
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
      const { id, api_key, oauth, google, aws, region } = config;
      const given = Object.entries({ api_key, oauth, google, aws }).filter(
        ([, value]) => value !== undefined,
      );
      if (given.length > 1) return `has ${given.map(([name]) => name).join(' and ')}; one of them is enough`;
      if (given.length === 0 || api_key !== undefined) {
        kept.delete(id);
        return null;
      }
      const recipe = JSON.stringify([type.type, { ...oauth, refresh_token: null }, google, aws, region]);
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
