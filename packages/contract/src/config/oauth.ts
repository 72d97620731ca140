import { z } from 'zod';

/** Providers whose addresses are known. `oidc` finds them at the issuer, `custom` is told all of them. */
export const oauthPresets = [
  'google',
  'github',
  'microsoft',
  'notion',
  'slack',
  'spotify',
  'discord',
  'apple',
] as const;

/** Tokens must not travel in the clear; only this machine itself may do without TLS. */
const secureUrl = z
  .url({ protocol: /^https?$/ })
  .regex(
    /^(https:\/\/|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?([/?#]|$))/i,
    'must be https, except on this machine',
  );

const AllowanceConfig = z.strictObject({
  methods: z
    .array(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']))
    .min(1)
    .default(['GET']),
  path: z
    .string()
    .max(300)
    .regex(/^\/(?!\/)[A-Za-z0-9._~!$&'()*+,;=:@/-]*$/, 'a path that begins with one /')
    .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'without . and ..')
    .meta({ description: 'This path and all below it.' }),
});

const ProxyConfig = z
  .strictObject({
    base_url: secureUrl.optional().meta({ description: 'Absent: the provider’s own API.' }),
    allow: z.array(AllowanceConfig).max(50).default([]).meta({
      description: 'What devices may ask through Vigiles with this account. Empty: nothing.',
    }),
    headers: z.record(z.string(), z.string()).default({}).meta({
      description: 'Sent along with each request; no secrets.',
    }),
  })
  .prefault({});

/** An OAuth client of your own at one provider. */
export const OauthProviderConfig = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes'),
    preset: z.enum([...oauthPresets, 'oidc', 'custom']).meta({
      description: 'A provider that is known; oidc: found at its issuer; custom: with addresses of its own.',
    }),
    client_id: z.string().min(1).max(500).meta({ description: 'The client’s id, or a reference to it.' }),
    client_secret: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .meta({ description: 'A reference: ${secret:NAME}. Absent: a public client.', secret: true }),
    client_auth: z.enum(['basic', 'post']).optional().meta({
      description: 'How the client proves itself. Absent: what the provider prefers.',
    }),
    scopes: z.array(z.string().min(1).max(300)).max(60).optional().meta({
      description: 'What the account is asked for. Absent: only who it is.',
    }),
    issuer: secureUrl.optional(),
    authorization_url: secureUrl.optional(),
    token_url: secureUrl.optional(),
    revocation_url: secureUrl.optional(),
    userinfo_url: secureUrl.optional(),
    authorize: z.record(z.string(), z.string().max(500)).default({}).meta({
      description: 'More parameters of the authorization request, such as audience or prompt.',
    }),
    proxy: ProxyConfig,
  })
  .superRefine((provider, context) => {
    const missing = (field: 'issuer' | 'authorization_url' | 'token_url') =>
      context.addIssue({ code: 'custom', path: [field], message: `is needed for ${provider.preset}` });
    if (provider.preset === 'oidc' && !provider.issuer) missing('issuer');
    if (provider.preset === 'custom') {
      if (!provider.authorization_url) missing('authorization_url');
      if (!provider.token_url) missing('token_url');
    }
  });
export type OauthProviderConfig = z.output<typeof OauthProviderConfig>;

/** Accounts at other services that Vigiles holds, so that no device has to. */
export const OauthConfig = z
  .strictObject({
    public_url: secureUrl.optional().meta({
      description:
        'Where people’s browsers reach Vigiles, without a path: providers send them back to <public_url>/oauth/callback. Absent: the address it is called at, on this machine only.',
    }),
    providers: z.array(OauthProviderConfig).max(50).default([]),
  })
  .prefault({});
export type OauthConfig = z.output<typeof OauthConfig>;
