import { OauthConnection, type Identity } from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type HttpMethod, type Route, type RouteCall } from '../../kernel/route.ts';
import type { OauthVault } from './service.ts';

const Provider = z.object({
  provider: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'an id of oauth.providers'),
});
const actorOf = (identity: Identity): string => `device:${identity.deviceId}`;
const common = { tag: 'oauth', tier: 'standard' } as const;
const providerFaults = [
  'oauth_provider_unknown',
  'oauth_not_connected',
  'oauth_expired',
  'oauth_renewal_failed',
];
const text = (most: number) => z.string().min(1).max(most);

/** What of a device’s request goes along to the provider. */
const taken = ['accept', 'content-type', 'if-none-match', 'notion-version', 'prefer'] as const;

function headersOf(call: RouteCall<unknown, unknown, unknown>): Record<string, string> {
  return Object.fromEntries(
    taken.flatMap((name) => {
      const value = call.header(name);
      return value === null || value === '*/*' ? [] : [[name, value.slice(0, 500)]];
    }),
  );
}

/** @param originOf the address people reach this server at */
export function oauthRoutes(
  vault: OauthVault,
  originOf: (header: (name: string) => string | null) => string,
): Route[] {
  const both = (paths: readonly string[], make: (path: string, suffix: string) => Route): Route[] =>
    paths.map((path, at) => make(path, at === 0 ? '' : 'Seed'));

  const passing = (method: HttpMethod): Route =>
    defineRoute({
      ...common,
      method,
      path: '/api/v1/oauth/:provider/proxy/*',
      operationId: `passTo${method.charAt(0)}${method.slice(1).toLowerCase()}`,
      summary:
        'Ask a provider with the connected account, as far as oauth.providers allows; with a short token',
      scope: 'oauth',
      audit: 'oauth.proxy',
      passes: true,
      timeoutMs: 90_000,
      params: Provider.extend({ '*': z.string().max(1500) }),
      query: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      success: z.unknown(),
      faults: [...providerFaults, 'oauth_short_token_needed', 'oauth_path_not_allowed'],
      handle: async (call) => {
        const path = `/${call.params['*']}`;
        // Never the query: it may hold what only the provider should know.
        call.about(`${call.params.provider} ${method} ${path.slice(0, 200)}`);
        const query = Object.entries(call.query).flatMap(([name, value]) =>
          [value].flat().map((one) => [name, one] as const),
        );
        return vault.pass(
          {
            provider: call.params.provider,
            method,
            path,
            query,
            headers: headersOf(call),
            body: call.body,
            signal: call.signal,
          },
          call.identity,
        );
      },
    });

  return [
    ...both(['/api/v1/oauth', '/oauth/providers'], (path, suffix) =>
      defineRoute({
        ...common,
        method: 'GET',
        path,
        operationId: `listOauthConnections${suffix}`,
        summary: 'Accounts at other services and how they stand; never a token',
        scope: 'read',
        audit: 'none',
        success: z.object({ connections: z.array(OauthConnection), count: z.number() }),
        faults: [],
        handle: async () => {
          const connections = await vault.list();
          return { connections, count: connections.length };
        },
      }),
    ),
    ...both(['/api/v1/oauth/:provider', '/oauth/:provider/status'], (path, suffix) =>
      defineRoute({
        ...common,
        method: 'GET',
        path,
        operationId: `getOauthConnection${suffix}`,
        summary: 'One account',
        scope: 'read',
        audit: 'none',
        params: Provider,
        success: z.object({ connection: OauthConnection }),
        faults: ['oauth_provider_unknown'],
        handle: async ({ params }) => ({ connection: await vault.show(params.provider) }),
      }),
    ),
    ...both(['/api/v1/oauth/:provider/connect', '/oauth/:provider/connect'], (path, suffix) =>
      defineRoute({
        ...common,
        method: 'POST',
        path,
        operationId: `connectOauth${suffix}`,
        summary: 'Where a browser goes to connect the account; what it comes back with counts for you only',
        scope: 'config',
        audit: 'oauth.connect',
        params: Provider,
        success: z.object({
          authorization_url: z.string(),
          redirect_uri: z.string(),
          expires_at: z.number(),
        }),
        faults: ['oauth_provider_unknown', 'oauth_public_url_missing', 'oauth_bad_answer', 'oauth_no_key'],
        handle: async ({ params, identity, header }) =>
          vault.begin(params.provider, identity, originOf(header)),
      }),
    ),
    // The browser comes back to `/oauth/callback`, a page of the dashboard, which hands on what it was given.
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/oauth/callback',
      operationId: 'finishOauth',
      summary: 'What the provider sent the browser back with',
      scope: 'config',
      audit: 'oauth.callback',
      body: z
        .strictObject({
          state: text(500),
          code: text(4000).optional(),
          iss: text(500).optional(),
          error: text(200).optional(),
        })
        .refine(({ code, error }) => (code === undefined) !== (error === undefined), 'either code or error'),
      success: z.object({ connection: OauthConnection }),
      faults: ['oauth_state_invalid', 'oauth_refused', 'oauth_bad_answer'],
      handle: async ({ body, identity, about }) => {
        const connection = await vault.finish(body, identity);
        about(connection.provider);
        return { connection };
      },
    }),
    ...both(['/api/v1/oauth/:provider/refresh', '/oauth/:provider/refresh'], (path, suffix) =>
      defineRoute({
        ...common,
        method: 'POST',
        path,
        operationId: `refreshOauth${suffix}`,
        summary: 'Renew the access token now',
        scope: 'operate',
        audit: 'oauth.refresh',
        params: Provider,
        success: z.object({ connection: OauthConnection }),
        faults: providerFaults,
        handle: async ({ params }) => ({ connection: await vault.renew(params.provider) }),
      }),
    ),
    ...(
      [
        ['DELETE', '/api/v1/oauth/:provider', ''],
        ['POST', '/oauth/:provider/disconnect', 'Seed'],
      ] as const
    ).map(([method, path, suffix]) =>
      defineRoute({
        ...common,
        method,
        path,
        operationId: `disconnectOauth${suffix}`,
        summary: 'Have the provider end what it gave, and forget it',
        scope: 'config',
        audit: 'oauth.disconnect',
        params: Provider,
        success: z.object({ provider: z.string(), revoked: z.boolean() }),
        faults: ['oauth_not_connected'],
        handle: async ({ params, identity }) => vault.disconnect(params.provider, actorOf(identity)),
      }),
    ),
    ...(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map(passing),
  ];
}
