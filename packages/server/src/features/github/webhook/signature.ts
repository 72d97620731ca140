import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a body was signed with one of the secrets: HMAC-SHA-256 over the bytes as they came, before anything reads them.
 * All secrets are tried, so that the time taken does not tell which. (@octokit/webhooks verifies text only, and text that
 * is no UTF-8 has other bytes when it is written out again.)
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 * @param header value of `x-hub-signature-256`
 */
export function isSigned(secrets: readonly string[], body: Buffer, header: string | null): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const signature = Buffer.from(given, 'hex');
  let signed = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest();
    if (timingSafeEqual(expected, signature)) signed = true;
  }
  return signed;
}
