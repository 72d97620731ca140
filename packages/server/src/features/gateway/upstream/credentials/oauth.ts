import type { ProviderConfig } from '@vigiles/contract';
import type { Log } from '../../../../kernel/log.ts';
import type { Fetched } from './token-cache.ts';
import { requestToken, type TokenRequest } from './request-token.ts';

export type OauthConfig = NonNullable<ProviderConfig['oauth']>;

/** Where refresh tokens live outside of this process. */
export interface RefreshTokens {
  /** The one that holds now; another process may have replaced it. */
  current(providerId: string): string | undefined;
  /** Keeps a new one. False: there is no place for it, because the configuration does not name a secret. */
  keep(providerId: string, token: string): Promise<boolean>;
}

export interface OauthOptions {
  providerId: string;
  config: OauthConfig;
  log: Log;
  refreshTokens: RefreshTokens | undefined;
}

export interface OauthGrant {
  fetch(): Promise<Fetched>;
  /** The refresh token in use; undefined with client credentials. */
  refreshToken(): string | undefined;
}

/**
 * OAuth with a client of the user's own: a refresh token where there is one (RFC 6749 §6), else the client's
 * credentials (§4.4).
 */
export function createOauthGrant({ providerId, config, log, refreshTokens }: OauthOptions): OauthGrant {
  let refreshToken = config.refresh_token;

  function requestWith(refresh: string | undefined): TokenRequest {
    const { client_id, client_secret, scope } = config;
    const form: Record<string, string> = refresh
      ? { grant_type: 'refresh_token', refresh_token: refresh }
      : { grant_type: 'client_credentials' };
    if (scope !== undefined) form['scope'] = scope;
    const headers: string[] = [];
    if (config.client_auth === 'basic') {
      const pair = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret ?? '')}`;
      headers.push('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    } else {
      form['client_id'] = client_id;
      if (client_secret !== undefined) form['client_secret'] = client_secret;
    }
    const secrets = [client_secret, refresh].filter((text) => text !== undefined);
    return { url: config.token_url, form, headers, secrets, who: `The provider ${providerId}` };
  }

  async function keep(token: string): Promise<void> {
    refreshToken = token;
    try {
      if (await refreshTokens?.keep(providerId, token)) return;
      log.warn(
        { provider: providerId },
        'the provider replaced its refresh token and there is no secret to keep the new one in; after a restart the old one may be refused. Use refresh_token: ${secret:name}',
      );
    } catch (thrown) {
      log.error({ provider: providerId, err: thrown }, 'a replaced refresh token could not be kept');
    }
  }

  return {
    refreshToken: () => refreshToken,
    async fetch() {
      let used = refreshToken;
      let answer = await requestToken(requestWith(used));
      if (!answer.ok && answer.refused && used !== undefined) {
        // Another gateway may have used it up and kept its successor.
        const current = refreshTokens?.current(providerId);
        if (current !== undefined && current !== used) {
          used = refreshToken = current;
          answer = await requestToken(requestWith(used));
        }
      }
      if (!answer.ok) return { ok: false, error: answer.error };
      const next = answer.fields['refresh_token'];
      if (used !== undefined && typeof next === 'string' && next !== '' && next !== used) await keep(next);
      return { ok: true, token: { value: answer.value, lifetimeMs: answer.lifetimeMs } };
    },
  };
}
