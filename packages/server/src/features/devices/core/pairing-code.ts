/** 28 symbols that are hard to mistake for one another and spell no words: 8 of them make 38.4 bits. */
export const codeAlphabet = '23456789BCDFGHJKMNPQRSTVWXYZ';
export const codeLength = 8;

/**
 * A code out of random bytes, or null when there were not enough usable ones. Bytes past the last full
 * multiple of the alphabet are left out, so that every symbol is equally likely.
 */
export function codeFrom(bytes: Uint8Array): string | null {
  const usable = 256 - (256 % codeAlphabet.length);
  let code = '';
  for (const byte of bytes) {
    if (byte < usable) code += codeAlphabet[byte % codeAlphabet.length] ?? '';
    if (code.length === codeLength) return code;
  }
  return null;
}

/** A whole code. @param random so many random bytes */
export function newCode(random: (bytes: number) => Uint8Array): string {
  for (;;) {
    const code = codeFrom(random(32));
    if (code) return code;
  }
}

/** `abcd efgh`, `ABCD-EFGH` and `ABCDEFGH` are one code. Null when it cannot be one. */
export function normaliseCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s\-\u2010-\u2015_.]/g, '');
  if (code.length !== codeLength) return null;
  return Array.from(code).every((symbol) => codeAlphabet.includes(symbol)) ? code : null;
}

/** As it is shown: `XXXX XXXX`. */
export const shownCode = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;
