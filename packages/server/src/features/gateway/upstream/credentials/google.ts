import { readFile } from 'node:fs/promises';
import type { WireError } from '@vigiles/wire';
import type { Clock } from '../../../../kernel/clock.ts';
import { requestToken } from './request-token.ts';
import type { Fetched } from './token-cache.ts';

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const ASSERTION_S = 3600;
const MAX_FILE_BYTES = 64 * 1024;

interface KeyFile {
  type?: unknown;
  client_email?: unknown;
  private_key?: unknown;
  private_key_id?: unknown;
  client_id?: unknown;
  client_secret?: unknown;
  refresh_token?: unknown;
  token_uri?: unknown;
  quota_project_id?: unknown;
}

/**
 * Access tokens for Google Cloud from a service account's key (RFC 7523) or from what `gcloud auth application-default
 * login` left behind.
 * @param credentials the JSON itself, or the path of the file that holds it; a file is read anew each time
 */
export async function fetchGoogleToken(
  providerId: string,
  credentials: string,
  clock: Clock,
): Promise<Fetched> {
  const key = await readKey(credentials);
  if (typeof key === 'string') return refuse(providerId, key);
  const url = text(key.token_uri) ?? TOKEN_URL;
  const form = await grant(key, url, clock);
  if (typeof form === 'string') return refuse(providerId, form);
  const secrets = [text(key.client_secret), text(key.refresh_token), form['assertion']];
  const answer = await requestToken({
    url,
    form,
    secrets: secrets.filter((secret) => secret !== undefined),
    who: `The provider ${providerId}`,
  });
  if (!answer.ok) return { ok: false, error: answer.error };
  const project = text(key.quota_project_id);
  const headers = project === undefined ? [] : ['x-goog-user-project', project];
  return { ok: true, token: { value: answer.value, lifetimeMs: answer.lifetimeMs, headers } };
}

async function readKey(credentials: string): Promise<KeyFile | string> {
  let content = credentials.trim();
  if (!content.startsWith('{')) {
    try {
      content = await readFile(content, 'utf8');
    } catch (thrown) {
      return `the credentials file cannot be read (${(thrown as NodeJS.ErrnoException).code ?? 'unknown'})`;
    }
    if (content.length > MAX_FILE_BYTES) return 'the credentials file is too long';
  }
  try {
    const parsed: unknown = JSON.parse(content);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // The parser's message would quote the content.
  }
  return 'the credentials are not the JSON of a Google Cloud key';
}

/** The form to send, or what the key lacks. */
async function grant(key: KeyFile, audience: string, clock: Clock): Promise<Record<string, string> | string> {
  if (key.type === 'authorized_user') {
    const [id, secret, refresh] = [text(key.client_id), text(key.client_secret), text(key.refresh_token)];
    if (!id || !secret || !refresh) return 'client_id, client_secret or refresh_token is missing';
    return { grant_type: 'refresh_token', client_id: id, client_secret: secret, refresh_token: refresh };
  }
  if (key.type !== 'service_account') {
    return `credentials of the type ${JSON.stringify(key.type ?? null)} are not known; service_account and authorized_user are`;
  }
  const [email, pem] = [text(key.client_email), text(key.private_key)];
  if (!email || !pem) return 'client_email or private_key is missing';
  // Only whoever talks to Google Cloud pays for it.
  const { importPKCS8, SignJWT } = await import('jose');
  const keyId = text(key.private_key_id);
  const now = Math.floor(clock.now() / 1000);
  try {
    const assertion = await new SignJWT({ scope: SCOPE })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
      .setIssuer(email)
      .setSubject(email)
      .setAudience(audience)
      .setIssuedAt(now)
      .setExpirationTime(now + ASSERTION_S)
      .sign(await importPKCS8(pem, 'RS256'));
    return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
  } catch {
    return 'private_key is not an RSA key in PKCS #8 form';
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function refuse(providerId: string, why: string): Fetched {
  const message = `The provider ${providerId} has no access token: ${why}.`;
  const error: WireError = { kind: 'auth', source: 'gateway', code: 'upstream_credentials_invalid', message };
  return { ok: false, error };
}
