import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Makes ids; injected so that tests can fix them. */
export type NewId = (prefix: string) => string;

/**
 * A unique id that sorts by creation time: `<prefix>_<9 characters of time><11 of randomness>`,
 * Crockford base 32 in lower case.
 */
export const newId: NewId = (prefix) => {
  let time = Date.now();
  let head = '';
  for (let i = 0; i < 9; i += 1) {
    head = (alphabet[time % 32] ?? '0') + head;
    time = Math.floor(time / 32);
  }
  let tail = '';
  for (const byte of randomBytes(11)) tail += alphabet[byte & 31];
  return `${prefix}_${head}${tail}`;
};
