import { z } from 'zod';

/**
 * How a provider's account stands. `pending_auth`: somebody is at the provider's page now. `expired`: the provider no longer
 * takes what it gave, and a person has to connect it again. `error`: it could not be asked lately.
 */
export const OauthStatus = z.enum(['not_configured', 'pending_auth', 'connected', 'expired', 'error']);
export type OauthStatus = z.infer<typeof OauthStatus>;

/** What may be asked through the pass-through, as configured. */
export const OauthAllowance = z.object({ methods: z.array(z.string()), path: z.string() });

/** A connected account, without any token: all that devices and people ever see. */
export const OauthConnection = z.object({
  provider: z.string(),
  /** `Google`, `GitHub` …, or the id. */
  label: z.string(),
  status: OauthStatus,
  configured: z.boolean(),
  /** Who it is at the provider: an e-mail address or a name. */
  account: z.string().nullable(),
  /** What the provider granted, in its own words. */
  scopes: z.array(z.string()),
  connected_at: z.number().nullable(),
  /** Actor that connected it. */
  connected_by: z.string().nullable(),
  /** When the access token ends; it is renewed before. */
  expires_at: z.number().nullable(),
  refreshed_at: z.number().nullable(),
  /** Whether it is renewed without a person. */
  renewable: z.boolean(),
  /** `token_expired`, `refresh_failed` …; null while all is well. */
  error: z.string().nullable(),
  message: z.string().nullable(),
  /** What devices may ask through `/api/v1/oauth/<provider>/proxy/…`. */
  proxy: z.array(OauthAllowance),
});
export type OauthConnection = z.infer<typeof OauthConnection>;

export const oauthEvents = {
  'oauth.connected': z.object({ connection: OauthConnection }),
  /** Renewed, expired, or could not be asked. */
  'oauth.changed': z.object({ connection: OauthConnection }),
  'oauth.disconnected': z.object({ provider: z.string(), revoked: z.boolean() }),
} as const;
