import { createHash, createHmac } from 'node:crypto';
import type { SeenRequest } from './scripted-upstream.ts';

export interface AwsAccount {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

const SKEW_MS = 300_000;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** RFC 3986 §2.3: everything but the unreserved characters. */
const escape = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Checks a request's AWS Signature Version 4 by computing it again, from the specification and not with the library
 * that signed it. Null: it is good; else the error type AWS would answer with.
 */
export function signatureProblem(seen: SeenRequest, account: AwsAccount): string | null {
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      seen.headers.authorization ?? '',
    );
  if (!given) return 'MissingAuthenticationTokenException';
  const [, keyId, day = '', region = '', signed = '', signature] = given;
  if (keyId !== account.accessKeyId) return 'UnrecognizedClientException';
  if (region !== account.region) return 'InvalidSignatureException';
  const names = signed.split(';');
  if (!names.includes('host') || !names.includes('x-amz-date')) return 'IncompleteSignatureException';
  const token = seen.headers['x-amz-security-token'];
  if (token !== account.sessionToken) return 'ExpiredTokenException';
  if (token !== undefined && !names.includes('x-amz-security-token')) return 'InvalidSignatureException';
  const date = String(seen.headers['x-amz-date']);
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!date.startsWith(day) || !(Math.abs(Date.now() - time) < SKEW_MS)) return 'InvalidSignatureException';

  const [path = '', query = ''] = seen.path.split('?', 2);
  const hash = sha256(seen.body);
  const claimed = seen.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== hash) return 'InvalidSignatureException';
  const canonical = [
    seen.method,
    path.split('/').map(escape).join('/'),
    query.split('&').toSorted().join('&'),
    ...names.map((name) => `${name}:${String(seen.headers[name]).trim().replace(/\s+/g, ' ')}`),
    '',
    signed,
    hash,
  ].join('\n');
  const scope = `${day}/${region}/bedrock/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const parts = [day, region, 'bedrock', 'aws4_request'];
  let key: Buffer | string = `AWS4${account.secretAccessKey}`;
  for (const part of parts) key = hmac(key, part);
  return hmac(key, toSign).toString('hex') === signature ? null : 'InvalidSignatureException';
}
