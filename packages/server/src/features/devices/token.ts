import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 43;
const checkLength = 6;

/** Left-padded base 62. */
function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = (alphabet[Number(rest % 62n)] ?? '') + text;
  return text.padStart(length, '0');
}

/** 32 random bytes as 43 characters. */
export const newSecret = (): string => base62(BigInt(`0x${randomBytes(32).toString('hex')}`), secretLength);

/** A device id: 12 characters, 64 bits of them random. */
export const newDeviceId = (): string => base62(BigInt(`0x${randomBytes(8).toString('hex')}`), 12);

const checkOf = (text: string): string => base62(BigInt(crc32(text)), checkLength);

/**
 * `vgl_<id>_<secret><crc>`: a prefix that secret scanners can look for and a checksum (CRC32 of all before it,
 * base 62) with which they tell a token from a look-alike without asking anybody.
 */
export function formatToken(deviceId: string, secret: string, kind: 'vgl' | 'vgt' = 'vgl'): string {
  const body = `${kind}_${deviceId}_${secret}`;
  return body + checkOf(body);
}

const shape = /^(vgl|vgt)_([0-9A-Za-z]{8,32})_([0-9A-Za-z]{49})$/;

function idIn(token: string, kind: string): string | null {
  const found = shape.exec(token);
  if (found?.[1] !== kind) return null;
  const cut = token.length - checkLength;
  return checkOf(token.slice(0, cut)) === token.slice(cut) ? (found[2] ?? null) : null;
}

/** The device id inside, or null for what cannot be a device's token: wrong shape or wrong checksum. */
export const tokenDevice = (token: string): string | null => idIn(token, 'vgl');

/** The id inside a short token `vgt_<id>_<secret><crc>`, or null for what cannot be one. */
export const shortTokenId = (token: string): string | null => idIn(token, 'vgt');

/** SHA-256, which is enough for secrets that are random: there is nothing to guess. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Constant-time comparison of two hex hashes. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
