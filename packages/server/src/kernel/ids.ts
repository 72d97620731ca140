import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

// Drawn from the system in blocks: a call for each id would cost more than all the rest of it.
const pool = new Uint8Array(11 * 256);
let used = pool.length;

// Ids of one millisecond begin alike.
let headTime = -1;
let head = '';

function timeHead(now: number): string {
  if (now === headTime) return head;
  headTime = now;
  head = '';
  let time = now;
  for (let i = 0; i < 9; i += 1) {
    head = (alphabet[time % 32] ?? '0') + head;
    time = Math.floor(time / 32);
  }
  return head;
}

/** Makes ids; injected so that tests can fix them. */
export type NewId = (prefix: string) => string;

/**
 * A unique id that sorts by creation time: `<prefix>_<9 characters of time><11 of randomness>`,
 * Crockford base 32 in lower case.
 */
export const newId: NewId = (prefix) => {
  let tail = '';
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const end = used + 11;
  for (; used < end; used += 1) tail += alphabet[(pool[used] ?? 0) & 31];
  return `${prefix}_${timeHead(Date.now())}${tail}`;
};
