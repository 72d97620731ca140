import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Identity, OauthProviderConfig } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { Egress } from '../../platform/egress/index.ts';
import { accountName } from './core/presets.ts';
import { invalidState } from './faults.ts';
import { faultOf, jsonOf, type ProviderClient, type ProviderClients } from './provider-client.ts';
import type { TokenBox } from './token-box.ts';
import type { VaultStore } from './vault-store.ts';

/** How long somebody may stay at the provider’s page. */
export const stateMs = 10 * 60_000;

/** What is sealed of an account. */
export interface Tokens {
  access: string;
  refresh: string | null;
}

/** What a provider’s page sent back in the address. */
export interface Callback {
  state: string;
  code?: string | undefined;
  iss?: string | undefined;
  error?: string | undefined;
}

export interface SignInDeps {
  vault: VaultStore;
  box: TokenBox;
  clients: ProviderClients;
  egress: Pick<Egress, 'fetch'>;
  now(): number;
  provider(id: string): OauthProviderConfig;
}

interface Begun {
  verifier: string;
  nonce: string;
}

const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');

/** What the token’s answer leaves open of the lifetime. */
export const expiryOf = (answer: oauth.TokenEndpointResponse, nowMs: number): number | null =>
  typeof answer.expires_in === 'number' && answer.expires_in > 0 ? nowMs + answer.expires_in * 1000 : null;

/** Slack says which kind of bearer it is. */
export const bearers = { bot: () => undefined, user: () => undefined };

/** Connecting an account: authorization code with PKCE, RFC 6749 §4.1, 7636 and 9207, OpenID Connect Core §3.1. */
export function createSignIn({ vault, box, clients, egress, now, provider }: SignInDeps) {
  const place = (hash: string): string => `state ${hash}`;

  /** Whose account it is; nothing that fails here keeps an account from being connected. */
  async function nameOf(client: ProviderClient, answer: oauth.TokenEndpointResponse): Promise<string | null> {
    const claims = oauth.getValidatedIdTokenClaims(answer);
    const known = accountName(client.preset.accountFields, claims ?? {}, answer);
    const url = client.server.userinfo_endpoint;
    if ((known !== null && known !== claims?.sub) || url === undefined) return known;
    const asked = await egress.fetch({
      url,
      reach: 'configured',
      headers: { authorization: `Bearer ${answer.access_token}`, accept: 'application/json' },
      manual: true,
      maxBytes: 256 * 1024,
      timeoutMs: 10_000,
    });
    if (!asked.ok || asked.value.status !== 200) return known;
    return accountName(client.preset.accountFields, jsonOf(asked.value.body)) ?? known;
  }

  return {
    /** Where the person’s browser goes. What it comes back with counts for this person, once, for ten minutes. */
    async begin(id: string, identity: Identity, origin: string) {
      const { protocol, hostname } = new URL(origin);
      if (protocol !== 'https:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname))
        raise(
          fault(
            'invalid',
            'oauth_public_url_missing',
            'Providers send people back to an https address. Set oauth.public_url to the one under which Vigiles is reached.',
          ),
        );
      const client = await clients.open(provider(id));
      const url = new URL(client.server.authorization_endpoint ?? raise(faultOf(null, client.label)));
      const [state, nonce, verifier] = [
        oauth.generateRandomState(),
        oauth.generateRandomNonce(),
        oauth.generateRandomCodeVerifier(),
      ];
      const redirectUri = `${origin}/oauth/callback`;
      const nowMs = now();
      await vault.begin({
        state_hash: hashOf(state),
        provider: id,
        client_id: client.clientId,
        device_id: identity.deviceId,
        redirect_uri: redirectUri,
        sealed: await box.seal(place(hashOf(state)), { verifier, nonce } satisfies Begun),
        created_at: nowMs,
        expires_at: nowMs + stateMs,
      });
      const parameters = {
        ...client.preset.authorize,
        ...client.config.authorize,
        client_id: client.clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        ...(client.scopes.length > 0 ? { scope: client.scopes.join(' ') } : {}),
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(client.scopes.includes('openid') ? { nonce } : {}),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { authorization_url: url.href, redirect_uri: redirectUri, expires_at: nowMs + stateMs };
    },

    /** Ends what was begun. Raises `oauth_state_invalid`, `oauth_refused`, `oauth_bad_answer` and the faults of the egress. */
    async finish(callback: Callback, identity: Identity): Promise<string> {
      const hash = hashOf(callback.state);
      const begun = (await vault.take(hash, identity.deviceId, now())) ?? raise(invalidState());
      const config = provider(begun.provider);
      const client = await clients.open(config);
      if (client.clientId !== begun.client_id) raise(invalidState());
      const { verifier, nonce } = await box.open<Begun>(place(hash), begun.sealed);
      const given = Object.entries(callback).filter(([, value]) => value !== undefined);
      let answer: oauth.TokenEndpointResponse;
      try {
        const parameters = oauth.validateAuthResponse(
          client.server,
          client.client,
          new URLSearchParams(given as [string, string][]),
          callback.state,
        );
        const openId = client.scopes.includes('openid');
        const response = await oauth.authorizationCodeGrantRequest(
          client.server,
          client.client,
          client.auth,
          parameters,
          begun.redirect_uri,
          verifier,
          client.through,
        );
        answer = await oauth.processAuthorizationCodeResponse(client.server, client.client, response, {
          recognizedTokenTypes: bearers,
          ...(openId ? { expectedNonce: nonce, requireIdToken: true } : {}),
        });
        // TLS tells whose answer it is; the signature is looked at too where the issuer says how.
        if (openId && client.server.jwks_uri)
          await oauth.validateApplicationLevelSignature(client.server, response, client.through);
      } catch (thrown) {
        return raise(faultOf(thrown, client.label));
      }
      const nowMs = now();
      const tokens: Tokens = { access: answer.access_token, refresh: answer.refresh_token ?? null };
      const granted =
        typeof answer.scope === 'string' ? answer.scope.split(/[ ,]+/).filter(Boolean) : client.scopes;
      await vault.connect(
        {
          provider: client.id,
          status: 'connected',
          account: await nameOf(client, answer),
          scopes: JSON.stringify(granted),
          sealed: await box.seal(client.id, tokens),
          expires_at: expiryOf(answer, nowMs),
          renewable: tokens.refresh === null ? 0 : 1,
          generation: 0,
          lease_owner: null,
          lease_until: null,
          failures: 0,
          retry_at: null,
          error: null,
          message: null,
          connected_at: nowMs,
          connected_by: `device:${identity.deviceId}`,
          refreshed_at: null,
        },
        `device:${identity.deviceId}`,
      );
      return client.id;
    },
  };
}
