import { createVerify } from 'node:crypto';

/** An App that is registered and installed. */
export interface StandInApp {
  id: number;
  installationId: number;
  /** PEM of the public half of its key. */
  publicKey: string;
}

/** The longest that the token of an App may last from now, in seconds. */
const longestS = 600;

/**
 * What GitHub has against the JSON web token of an App; null: nothing. RS256, issued in the past by a known App, ending within ten
 * minutes.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appRefusal(app: StandInApp | undefined, jwt: string): string | null {
  const [head = '', claims = '', signature = '', ...more] = jwt.split('.');
  const undecodable = 'A JSON web token could not be decoded';
  if (app === undefined || signature === '' || more.length > 0) return undecodable;
  const read = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  const { alg } = read(head);
  const { iss, iat, exp } = read(claims);
  const signed = createVerify('RSA-SHA256').update(`${head}.${claims}`);
  if (alg !== 'RS256' || !signed.verify(app.publicKey, Buffer.from(signature, 'base64url')))
    return undecodable;
  const now = Date.now() / 1000;
  if (typeof iat !== 'number' || iat > now) return '‘Issued at’ claim (‘iat’) must be in the past';
  if (typeof exp !== 'number' || exp <= now) return '‘Expiration time’ claim (‘exp’) must be in the future';
  if (exp > now + longestS) return '‘Expiration time’ claim (‘exp’) is too far in the future';
  return String(iss) === String(app.id) ? null : 'Integration not found';
}
