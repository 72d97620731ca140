import type { GithubConfig } from '@vigiles/contract';
import type { AuthKind } from './github-client.ts';
import type { Credentials } from './octokit.ts';
import type { GhLogin } from './gh-login.ts';

export interface CredentialDeps {
  config(): GithubConfig;
  /** Fills references in. Throws where one leads nowhere. */
  resolve(text: string): string;
  ghLogin(host: string): Promise<GhLogin>;
}

export interface Found {
  credentials: Credentials | null;
  kind: AuthKind;
  /** For people; never with a secret in it. */
  message: string;
}

const none = (message: string): Found => ({ credentials: null, kind: 'none', message });

/** The credentials that are there now: an App's, a token, or the login of `gh`. */
export async function findCredentials({ config, resolve, ghLogin }: CredentialDeps): Promise<Found> {
  const { app, token, use_gh, web_url } = config();
  try {
    if (app) {
      const privateKey = resolve(app.private_key).replaceAll('\\n', '\n');
      const credentials = {
        kind: 'app',
        id: app.id,
        privateKey,
        installationId: app.installation_id,
      } as const;
      return { credentials, kind: 'app', message: `GitHub App ${app.id}` };
    }
    if (token) {
      return { credentials: { kind: 'token', token: resolve(token) }, kind: 'token', message: 'a token' };
    }
  } catch {
    return none('the secret that github.token or github.app names does not exist');
  }
  if (!use_gh) return none('no credentials are configured');
  const login = await ghLogin(new URL(web_url).host);
  if (login.token === null) return none(`no credentials are configured, and ${login.error ?? 'gh has none'}`);
  return { credentials: { kind: 'gh', token: login.token }, kind: 'gh', message: 'the login of gh' };
}
