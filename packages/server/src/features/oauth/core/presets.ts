/** How a provider takes tokens back. `none`: it has no way to. */
export type RevocationStyle = 'rfc7009' | 'github' | 'slack' | 'json' | 'none';

/** What is known of a provider, so that people only bring a client of their own. */
export interface Preset {
  label: string;
  /** Its addresses are found there (OpenID Connect Discovery). */
  issuer?: string;
  authorizationUrl?: string;
  tokenUrl?: string;
  revocationUrl?: string;
  /** Tells whose account it is. */
  userinfoUrl?: string;
  revocation: RevocationStyle;
  clientAuth: 'basic' | 'post';
  /** Asked for where the configuration names none: only who it is. */
  scopes: readonly string[];
  /** More parameters of the authorization request. */
  authorize: Readonly<Record<string, string>>;
  /** Where the pass-through leads. */
  apiUrl?: string;
  apiHeaders: Readonly<Record<string, string>>;
  /** Fields of the account, of the token’s answer or of who it is, that name it; the first that is there. */
  accountFields: readonly string[];
}

const plain = { revocation: 'none', clientAuth: 'post', scopes: [], authorize: {}, apiHeaders: {} } as const;
const oidcFields = ['email', 'preferred_username', 'name', 'sub'] as const;

export const presets: Readonly<Record<string, Preset>> = {
  google: {
    ...plain,
    label: 'Google',
    issuer: 'https://accounts.google.com',
    revocation: 'rfc7009',
    scopes: ['openid', 'email'],
    // Only so does Google hand out a refresh token, and each time anew.
    authorize: { access_type: 'offline', prompt: 'consent' },
    apiUrl: 'https://www.googleapis.com',
    accountFields: oidcFields,
  },
  github: {
    ...plain,
    label: 'GitHub',
    authorizationUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    userinfoUrl: 'https://api.github.com/user',
    revocationUrl: 'https://api.github.com/applications/{client_id}/token',
    revocation: 'github',
    scopes: ['read:user'],
    apiUrl: 'https://api.github.com',
    apiHeaders: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    accountFields: ['login', 'name'],
  },
  microsoft: {
    ...plain,
    label: 'Microsoft',
    authorizationUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    tokenUrl: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    userinfoUrl: 'https://graph.microsoft.com/v1.0/me',
    // Without openid: behind `common` each ID token names its own tenant as the issuer, which cannot be checked.
    scopes: ['User.Read', 'offline_access'],
    apiUrl: 'https://graph.microsoft.com',
    accountFields: ['mail', 'userPrincipalName', 'displayName', 'email', 'sub'],
  },
  notion: {
    ...plain,
    label: 'Notion',
    authorizationUrl: 'https://api.notion.com/v1/oauth/authorize',
    tokenUrl: 'https://api.notion.com/v1/oauth/token',
    revocationUrl: 'https://api.notion.com/v1/oauth/revoke',
    revocation: 'json',
    clientAuth: 'basic',
    authorize: { owner: 'user' },
    apiUrl: 'https://api.notion.com',
    apiHeaders: { 'notion-version': '2022-06-28' },
    accountFields: ['workspace_name', 'workspace_id'],
  },
  slack: {
    ...plain,
    label: 'Slack',
    authorizationUrl: 'https://slack.com/oauth/v2/authorize',
    tokenUrl: 'https://slack.com/api/oauth.v2.access',
    revocationUrl: 'https://slack.com/api/auth.revoke',
    revocation: 'slack',
    scopes: ['team:read'],
    apiUrl: 'https://slack.com/api',
    accountFields: ['team.name', 'team.id'],
  },
  spotify: {
    ...plain,
    label: 'Spotify',
    authorizationUrl: 'https://accounts.spotify.com/authorize',
    tokenUrl: 'https://accounts.spotify.com/api/token',
    userinfoUrl: 'https://api.spotify.com/v1/me',
    clientAuth: 'basic',
    apiUrl: 'https://api.spotify.com',
    accountFields: ['display_name', 'email', 'id'],
  },
  discord: {
    ...plain,
    label: 'Discord',
    authorizationUrl: 'https://discord.com/oauth2/authorize',
    tokenUrl: 'https://discord.com/api/oauth2/token',
    revocationUrl: 'https://discord.com/api/oauth2/token/revoke',
    userinfoUrl: 'https://discord.com/api/users/@me',
    revocation: 'rfc7009',
    clientAuth: 'basic',
    scopes: ['identify'],
    apiUrl: 'https://discord.com/api',
    accountFields: ['username', 'email', 'id'],
  },
  apple: {
    ...plain,
    label: 'Apple',
    issuer: 'https://appleid.apple.com',
    revocation: 'rfc7009',
    // Name and e-mail address would be sent back as a form, which only a page of another site could submit to us.
    scopes: ['openid'],
    accountFields: oidcFields,
  },
};

const generic = { ...plain, clientAuth: 'basic', revocation: 'rfc7009', accountFields: oidcFields } as const;

/** The preset of a configured provider; for `oidc` and `custom` the little that holds for all. */
export const presetOf = (name: string, id: string): Preset =>
  presets[name] ?? {
    ...generic,
    label: id,
    scopes: name === 'oidc' ? ['openid', 'email', 'offline_access'] : [],
    // offline_access is only granted where consent is asked for, OpenID Connect Core §11.
    authorize: name === 'oidc' ? { prompt: 'consent' } : {},
  };

/** The first of these fields that is a text or a number; `team.name` looks inside. */
export function accountName(fields: readonly string[], ...sources: readonly unknown[]): string | null {
  for (const field of fields) {
    for (const source of sources) {
      let value: unknown = source;
      for (const key of field.split('.'))
        value =
          typeof value === 'object' && value !== null && Object.hasOwn(value, key)
            ? (value as Record<string, unknown>)[key]
            : undefined;
      if (typeof value === 'number') return String(value);
      if (typeof value === 'string' && value.trim() !== '')
        return value
          .replaceAll(/\p{C}+/gu, ' ')
          .trim()
          .slice(0, 120);
    }
  }
  return null;
}
