import * as oauth from 'oauth4webapi';
import type { OauthProviderConfig } from '@vigiles/contract';
import { fault, FaultError, toFault, type Fault } from '../../kernel/fault.ts';
import type { Egress } from '../../platform/egress/index.ts';
import { presetOf, type Preset } from './core/presets.ts';
import { hiddenError, shownCode } from './core/token-error.ts';
import { badAnswer, refused } from './faults.ts';

/** A configured provider as it can be spoken to. */
export interface ProviderClient {
  id: string;
  label: string;
  preset: Preset;
  config: OauthProviderConfig;
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  auth: oauth.ClientAuth;
  clientId: string;
  clientSecret: string | undefined;
  scopes: readonly string[];
  /** Options of each request: through the guarded way out. */
  through: ReturnType<typeof throughEgress>;
}

/** Answers are small; what is longer is none. */
const maxBytes = 256 * 1024;
const timeoutMs = 10_000;
/** How long a discovery holds. */
const discoveredMs = 3_600_000;
const bodiless = new Set([204, 205, 304]);

/** oauth4webapi over the egress: redirects are answers, errors behind status 200 are errors. */
export function throughEgress(egress: Pick<Egress, 'fetch'>) {
  return {
    // Who may be spoken to without TLS says the configuration’s schema; where to, the egress.
    [oauth.allowInsecureRequests]: true,
    async [oauth.customFetch](
      url: string,
      options: { method: string; headers: Record<string, string>; body?: unknown },
    ): Promise<Response> {
      const answer = await egress.fetch({
        url,
        reach: 'configured',
        method: options.method as 'GET',
        headers: { ...options.headers, accept: 'application/json' },
        ...(options.body === undefined ? {} : { body: textOf(options.body) }),
        manual: true,
        maxBytes,
        timeoutMs,
      });
      if (!answer.ok) throw new FaultError(answer.fault);
      const { status, headers, body } = answer.value;
      const { 'content-encoding': _coding, 'content-length': _length, ...kept } = headers;
      const hidden = status === 200 ? hiddenError(jsonOf(body)) : null;
      if (hidden) return Response.json(hidden, { status: 400 });
      return new Response(bodiless.has(status) ? null : new Uint8Array(body), { status, headers: kept });
    },
  };
}

const textOf = (body: unknown): string =>
  body instanceof URLSearchParams ? body.toString() : typeof body === 'string' ? body : '';

export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

export interface ProviderClients {
  /** Raises the faults of the egress, `oauth_bad_answer` and `config_reference_missing`. */
  open(config: OauthProviderConfig): Promise<ProviderClient>;
}

/** Finds out how a provider is spoken to; what its issuer tells is kept for an hour. */
export function createProviderClients(
  egress: Pick<Egress, 'fetch'>,
  resolve: (text: string) => string,
  now: () => number,
): ProviderClients {
  const through = throughEgress(egress);
  const discovered = new Map<string, { server: oauth.AuthorizationServer; until: number }>();

  async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
    const known = discovered.get(issuer);
    if (known && now() < known.until) return known.server;
    const url = new URL(issuer);
    const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, through));
    // As many as the configuration has issuers, and those it once had.
    if (discovered.size > 100) discovered.clear();
    discovered.set(issuer, { server, until: now() + discoveredMs });
    return server;
  }

  async function serverOf(config: OauthProviderConfig, preset: Preset): Promise<oauth.AuthorizationServer> {
    const own = {
      authorization_endpoint: config.authorization_url ?? preset.authorizationUrl,
      token_endpoint: config.token_url ?? preset.tokenUrl,
      revocation_endpoint: config.revocation_url ?? preset.revocationUrl,
      userinfo_endpoint: config.userinfo_url ?? preset.userinfoUrl,
    };
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    const issuer = config.issuer ?? (config.token_url === undefined ? preset.issuer : undefined);
    if (issuer !== undefined)
      return { ...(await discover(issuer)), ...(config.issuer ? configured(config) : {}) };
    const home = new URL(own.token_endpoint ?? own.authorization_endpoint ?? 'https://invalid').origin;
    return { issuer: home, ...given };
  }

  return {
    async open(config) {
      const preset = presetOf(config.preset, config.id);
      const clientId = resolve(config.client_id);
      const clientSecret = config.client_secret === undefined ? undefined : resolve(config.client_secret);
      let server: oauth.AuthorizationServer;
      try {
        server = await serverOf(config, preset);
      } catch (thrown) {
        throw new FaultError(faultOf(thrown, preset.label));
      }
      const how = config.client_auth ?? preset.clientAuth;
      const auth =
        clientSecret === undefined
          ? oauth.None()
          : how === 'basic'
            ? oauth.ClientSecretBasic(clientSecret)
            : oauth.ClientSecretPost(clientSecret);
      const [alg, ...others] = (server.id_token_signing_alg_values_supported ?? []).filter((one) =>
        /^(RS|PS|ES)\d+$|^(Ed25519|EdDSA)$/.test(one),
      );
      return {
        id: config.id,
        label: preset.label,
        preset,
        config,
        server,
        client: {
          client_id: clientId,
          // Where the issuer has one algorithm it is that one; else what most use, as the library does.
          ...(alg !== undefined && others.length === 0 ? { id_token_signed_response_alg: alg } : {}),
        },
        auth,
        clientId,
        clientSecret,
        scopes: config.scopes ?? preset.scopes,
        through,
      };
    },
  };
}

/** Addresses that stand in the configuration win over what the issuer tells. */
const configured = (config: OauthProviderConfig): Partial<oauth.AuthorizationServer> => ({
  ...(config.authorization_url ? { authorization_endpoint: config.authorization_url } : {}),
  ...(config.token_url ? { token_endpoint: config.token_url } : {}),
  ...(config.revocation_url ? { revocation_endpoint: config.revocation_url } : {}),
  ...(config.userinfo_url ? { userinfo_endpoint: config.userinfo_url } : {}),
});

/** Which error code a provider answered with; null where it is something else that went wrong. */
export function codeIn(thrown: unknown): string | null {
  if (thrown instanceof oauth.ResponseBodyError || thrown instanceof oauth.AuthorizationResponseError)
    return shownCode(thrown.error);
  if (thrown instanceof oauth.WWWAuthenticateChallengeError)
    return shownCode(thrown.cause[0]?.parameters['error'] ?? 'invalid_client');
  return null;
}

/** What went wrong between us and a provider, without a word of what was sent or answered. */
export function faultOf(thrown: unknown, label: string): Fault {
  if (thrown instanceof FaultError) return toFault(thrown);
  const code = codeIn(thrown);
  if (code !== null) return refused(label, code);
  if (thrown instanceof oauth.OperationProcessingError || thrown instanceof oauth.UnsupportedOperationError)
    return badAnswer(label);
  // Without the cause: it may hold the answer.
  return fault('internal', 'oauth_failed', `${label} could not be asked.`);
}
