/**
 * A 53-bit hash of a string: stable across runs and machines, for name suffixes. Not for secrets.
 * Two rounds of multiply-xor over UTF-16 units with different seeds, folded together.
 */
export function hash53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The hash as exactly `length` characters of `[0-9A-Za-z]`; 9 carry all 53 bits. */
export function hashLetters(text: string, length: number): string {
  let rest = hash53(text);
  let letters = '';
  for (let at = 0; at < length; at++) {
    letters += BASE62.charAt(rest % 62);
    rest = Math.floor(rest / 62);
  }
  return letters;
}
