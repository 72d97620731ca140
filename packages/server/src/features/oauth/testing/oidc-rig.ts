import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration } from 'oidc-provider';

export interface OidcRig {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What happened at the token endpoint and elsewhere: `grant.success`, `grant.error`, `grant.revoked` … */
  events: string[];
  /** Seconds for which access tokens hold that are given out from now on. */
  setLifetime(seconds: number): void;
  /** Every access and refresh token it gave out: marked secrets. */
  given: Set<string>;
  /** Calls of its API: `GET /api/me` and whatever else, with the token that came. */
  calls: { method: string; url: string; token: string; body: string }[];
  /** What the API answers instead. */
  answer: ((request: IncomingMessage, token: string) => { status: number; body: string }) | null;
  /** Forgets every grant, as when a person withdraws it there. */
  withdraw(): void;
  /** Goes through its pages as a person who agrees, and resolves with the address the browser is sent back to. */
  agree(authorizationUrl: string): Promise<URL>;
  close(): Promise<void>;
}

/**
 * A real OpenID provider on a free port of this machine, with one client and one person. `redirectUri`: the one address its client
 * may be sent back to; it is asked for at the first request.
 */
export async function openOidc(redirectUri: string | (() => string)): Promise<OidcRig> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const [clientId, clientSecret] = ['vigiles-client', `marked-client-secret-${randomUUID()}`];
  let lifetimeS = 3600;
  let grants = new Set<string>();
  const rig = { events: [] as string[], given: new Set<string>(), calls: [] as OidcRig['calls'] };
  let answer: OidcRig['answer'] = null;
  const backTo = (): string => (typeof redirectUri === 'string' ? redirectUri : redirectUri());
  const configuration = (): Configuration => ({
    jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256', kid: 'one' }] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [backTo()],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    cookies: { keys: ['cookie key'] },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    ttl: {
      AccessToken: () => lifetimeS,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 600,
      Interaction: 600,
    },
    claims: { openid: ['sub'], email: ['email'] },
    conformIdTokenClaims: false,
    findAccount: async (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: `${id}@example.org` }),
    }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  });
  let made: Provider | null = null;
  function open(): Provider {
    if (made) return made;
    const provider = new Provider(issuer, configuration());
    made = provider;
    provider.on('server_error', (_context, thrown) => rig.events.push(`server_error ${String(thrown)}`));
    provider.on('grant.success', () => void rig.events.push('grant.success'));
    provider.on('grant.error', () => void rig.events.push('grant.error'));
    provider.on('grant.revoked', () => void rig.events.push('grant.revoked'));
    provider.on('refresh_token.consumed', () => void rig.events.push('refresh_token.consumed'));
    provider.on('access_token.saved', ({ jti }) => void rig.given.add(jti));
    provider.on('refresh_token.saved', ({ jti }) => void rig.given.add(jti));
    return provider;
  }

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const provider = open();
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: 'ada', clientId });
    grant.addOIDCScope(String(params['scope']));
    const grantId = await grant.save();
    grants.add(grantId);
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: 'ada' }, consent: { grantId } },
      { mergeWithLastSubmission: false },
    );
  }

  async function api(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const { method = '', url = '' } = request;
    rig.calls.push({ method, url, token, body: Buffer.concat(chunks).toString() });
    const known = await open().AccessToken.find(token);
    const told = answer?.(request, token) ?? {
      status: known ? 200 : 401,
      body: JSON.stringify(known ? { sub: known.accountId } : { error: 'invalid_token' }),
    };
    response.writeHead(told.status, {
      'content-type': 'application/json',
      'set-cookie': 'tracking=1',
      'x-ratelimit-remaining': '7',
      etag: '"1"',
    });
    response.end(told.body);
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const work = request.url?.startsWith('/interaction/')
      ? interact(request, response)
      : request.url?.startsWith('/api/')
        ? api(request, response)
        : open().callback()(request, response);
    Promise.resolve(work).catch((thrown: unknown) => {
      response.statusCode = 500;
      response.end(String(thrown));
    });
  });

  return {
    issuer,
    clientId,
    clientSecret,
    events: rig.events,
    given: rig.given,
    calls: rig.calls,
    get answer() {
      return answer;
    },
    set answer(next) {
      answer = next;
    },
    setLifetime: (seconds) => void (lifetimeS = seconds),
    withdraw() {
      for (const id of grants) {
        void open().AccessToken.revokeByGrantId(id);
        void open().RefreshToken.revokeByGrantId(id);
      }
      grants = new Set();
    },
    async agree(authorizationUrl) {
      const jar = new Map<string, string>();
      let url = new URL(authorizationUrl);
      for (let hops = 0; hops < 12; hops += 1) {
        if (url.origin + url.pathname === backTo()) return url;
        const answered = await fetch(url, {
          redirect: 'manual',
          headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        });
        for (const cookie of answered.headers.getSetCookie()) {
          const [pair = ''] = cookie.split(';');
          const cut = pair.indexOf('=');
          jar.set(pair.slice(0, cut), pair.slice(cut + 1));
        }
        const location = answered.headers.get('location');
        if (!location)
          throw new Error(`no way on from ${url.pathname}: ${answered.status} ${await answered.text()}`);
        url = new URL(location, url);
      }
      throw new Error('sent around in circles');
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
