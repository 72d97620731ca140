import { z } from 'zod';
import { Scope } from '@vigiles/contract';
import { raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { Devices } from './devices.ts';
import { oauthFault } from './faults.ts';
import type { Guessing } from './guessing.ts';
import { originOf } from './client-address.ts';
import { longestShortMs } from './short-tokens.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

export interface OauthRoutesDeps {
  devices: Devices;
  /** How often one address may ask to be let in. */
  asking: Guessing;
  publicUrl(): string | undefined;
  /** Providers that short tokens may be for. */
  providers(): readonly string[];
}

const text = (most: number) => z.string().min(1).max(most);
const ClientId = text(100).regex(/^[\x20-\x7e]+$/, 'printable ASCII');
const shownName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}]+$/u, 'without control characters');

const AskBody = z.object({
  client_id: ClientId,
  scope: z.string().max(1000).optional(),
  /** What people see; the client’s id else. */
  client_name: shownName.optional(),
});

const TokenBody = z.object({
  grant_type: text(200),
  client_id: ClientId.optional(),
  device_code: text(200).optional(),
  subject_token: text(500).optional(),
  subject_token_type: text(200).optional(),
  actor_token: text(500).optional(),
  actor_token_type: text(200).optional(),
  requested_token_type: text(200).optional(),
  audience: text(200).optional(),
  scope: z.string().max(1000).optional(),
  /** Seconds; shorter than what is usual. Not of the RFC. */
  lifetime: z.coerce.number().int().min(1).max(86_400).optional(),
});
type TokenBody = z.output<typeof TokenBody>;

const TokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  scope: z.string(),
  expires_in: z.number().optional(),
  issued_token_type: z.string().optional(),
  /** Of a device that was let in. */
  device_id: z.string().optional(),
});

const words = (scope: string | undefined): string[] => (scope ?? '').split(' ').filter((one) => one !== '');

function scopesOf(scope: string | undefined): Scope[] {
  const names = words(scope);
  if (names.length === 0) return ['read'];
  return [...new Set(names)].map((name) => {
    const known = Scope.safeParse(name);
    return known.success
      ? known.data
      : raise(oauthFault('invalid_scope', `There is no scope ${name.slice(0, 60)}.`));
  });
}

const needed = (value: string | undefined, name: string): string =>
  value ?? raise(oauthFault('invalid_request', `${name} is missing.`));

const noStore = (setHeader: (name: string, value: string) => void): void => {
  setHeader('cache-control', 'no-store');
  setHeader('pragma', 'no-cache');
};

const common = { tag: 'oauth', scope: 'public', tier: 'light', oauth: true } as const;
const asking = { ...common, method: 'POST' } as const;

/** Vigiles as an authorization server for its own devices: RFC 8628, 8693, 7009 and 8414. */
export function oauthServerRoutes({
  devices,
  asking: asked,
  publicUrl,
  providers,
}: OauthRoutesDeps): Route[] {
  async function letIn(body: TokenBody): Promise<z.input<typeof TokenAnswer>> {
    const { device, token, scopes } = await devices.flow.poll(
      needed(body.device_code, 'device_code'),
      needed(body.client_id, 'client_id'),
    );
    return { access_token: token, token_type: 'Bearer', scope: scopes.join(' '), device_id: device.id };
  }

  async function exchange(body: TokenBody): Promise<z.input<typeof TokenAnswer>> {
    const isToken = (type: string | undefined): boolean => type === accessTokenType;
    if (!isToken(needed(body.subject_token_type, 'subject_token_type')))
      raise(oauthFault('invalid_request', `subject_token_type must be ${accessTokenType}.`));
    if ((body.actor_token === undefined) !== (body.actor_token_type === undefined))
      raise(oauthFault('invalid_request', 'actor_token and actor_token_type belong together.'));
    if (body.actor_token_type !== undefined && !isToken(body.actor_token_type))
      raise(oauthFault('invalid_request', `actor_token_type must be ${accessTokenType}.`));
    if (body.requested_token_type !== undefined && !isToken(body.requested_token_type))
      raise(oauthFault('invalid_request', `Only ${accessTokenType} is given out.`));
    const given = await devices.short.exchange(
      {
        subjectToken: needed(body.subject_token, 'subject_token'),
        actorToken: body.actor_token,
        audience: body.audience,
        scopes: words(body.scope),
        lifetimeMs: body.lifetime === undefined ? longestShortMs : body.lifetime * 1000,
      },
      providers(),
    );
    if (!given.ok) raise(given.fault);
    const { token, short } = given.value;
    return {
      access_token: token,
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: Math.floor((short.expires_at - short.created_at) / 1000),
      scope: short.scopes.join(' '),
    };
  }

  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/.well-known/oauth-authorization-server',
      operationId: 'getAuthorizationServer',
      summary: 'Where programs ask to be let in, RFC 8414',
      audit: 'none',
      success: z.record(z.string(), z.unknown()),
      faults: [],
      handle: async ({ header }) => {
        const issuer = originOf(header, publicUrl());
        return {
          issuer,
          device_authorization_endpoint: `${issuer}/oauth/device_authorization`,
          token_endpoint: `${issuer}/oauth/token`,
          revocation_endpoint: `${issuer}/oauth/revoke`,
          grant_types_supported: [deviceGrant, exchangeGrant],
          response_types_supported: [],
          token_endpoint_auth_methods_supported: ['none'],
          revocation_endpoint_auth_methods_supported: ['none'],
          scopes_supported: [...Scope.options],
        };
      },
    }),
    defineRoute({
      ...asking,
      path: '/oauth/device_authorization',
      operationId: 'requestDeviceAuthorization',
      summary: 'Ask to be let in: a code that a person types in, RFC 8628',
      audit: 'device-authorization.ask',
      body: AskBody,
      success: z.object({
        device_code: z.string(),
        user_code: z.string(),
        verification_uri: z.string(),
        verification_uri_complete: z.string(),
        expires_in: z.number(),
        interval: z.number(),
      }),
      faults: ['invalid_scope', 'temporarily_unavailable', 'slow_down'],
      handle: async ({ body, header, remoteAddress, setHeader }) => {
        asked.count(remoteAddress);
        const origin = originOf(header, publicUrl());
        const made = await devices.flow.ask({
          clientId: body.client_id,
          clientName: body.client_name ?? body.client_id,
          askedFrom: remoteAddress,
          scopes: scopesOf(body.scope),
        });
        noStore(setHeader);
        return {
          device_code: made.deviceCode,
          user_code: made.userCode,
          verification_uri: `${origin}/pair`,
          verification_uri_complete: `${origin}/pair?code=${made.userCode}`,
          expires_in: made.expiresInS,
          interval: made.intervalS,
        };
      },
    }),
    defineRoute({
      ...asking,
      path: '/oauth/token',
      operationId: 'requestToken',
      summary:
        'A device’s token once its code was approved (RFC 8628), or a short one in exchange for its own (RFC 8693)',
      // What it leads to is in the event log; a poll a few seconds long is no act.
      audit: 'none',
      body: TokenBody,
      success: TokenAnswer,
      faults: [
        'authorization_pending',
        'slow_down',
        'access_denied',
        'expired_token',
        'invalid_grant',
        'invalid_request',
        'invalid_scope',
        'invalid_target',
        'unsupported_grant_type',
      ],
      handle: async ({ body, setHeader }) => {
        noStore(setHeader);
        if (body.grant_type === deviceGrant) return letIn(body);
        if (body.grant_type === exchangeGrant) return exchange(body);
        return raise(oauthFault('unsupported_grant_type', `Grants: ${deviceGrant}, ${exchangeGrant}.`));
      },
    }),
    defineRoute({
      ...asking,
      path: '/oauth/revoke',
      operationId: 'revokeToken',
      summary: 'Give a token back: a device’s own, which ends the device, or a short one. RFC 7009',
      audit: 'token.revoke',
      body: z.object({
        token: text(500),
        token_type_hint: text(100).optional(),
        client_id: ClientId.optional(),
      }),
      success: z.object({}),
      faults: [],
      handle: async ({ body, setHeader }) => {
        noStore(setHeader);
        // A token that is none is as good as revoked; saying which it was would tell a guesser.
        await devices.giveBack(body.token);
        return {};
      },
    }),
  ];
}
