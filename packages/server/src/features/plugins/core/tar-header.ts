import { archiveRefused } from './refused.ts';

/** One header of an archive, as POSIX 1003.1 "ustar" has it. Only what is read or written here. */
export interface TarHeader {
  name: string;
  size: number;
  /** `0` file, `5` folder, `x` extended header; everything else is told by its letter. */
  type: string;
}

export const blockBytes = 512;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes that must be UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return archiveRefused('a name in it is not UTF-8');
  }
}

function field(block: Uint8Array, from: number, length: number): string {
  const bytes = block.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return textOf(end < 0 ? bytes : bytes.subarray(0, end));
}

function octal(block: Uint8Array, from: number, length: number): number {
  // GNU's base-256 numbers: for sizes beyond 8 GB, which no package has.
  if (((block[from] ?? 0) & 0x80) !== 0) return archiveRefused('a number in it is not octal');
  const text = field(block, from, length).trim();
  if (!/^[0-7]{1,12}$/.test(text)) return archiveRefused('a number in it is not octal');
  return parseInt(text, 8);
}

/** Sum of all bytes of a header, its own field counted as spaces. */
function checksum(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < blockBytes; i += 1) sum += i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
  return sum;
}

/** Reads a header of 512 bytes; links keep their letter, and are refused by the reader. */
export function readTarHeader(block: Uint8Array): TarHeader {
  if (octal(block, 148, 8) !== checksum(block)) archiveRefused('a header in it is damaged');
  const name = field(block, 0, 100);
  // Only POSIX has a prefix; GNU keeps times in its place.
  const prefix = field(block, 257, 6) === 'ustar' && block[262] === 0 ? field(block, 345, 155) : '';
  const letter = block[156] ?? 0;
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: octal(block, 124, 12),
    type: letter === 0 ? '0' : String.fromCharCode(letter),
  };
}

/** Writes a header of 512 bytes, the same for the same entry everywhere: no time, no owner. @param name ASCII, at most 100 */
export function writeTarHeader({ name, size, type }: TarHeader): Uint8Array {
  const block = new Uint8Array(blockBytes);
  const put = (text: string, at: number) => block.set(new TextEncoder().encode(text), at);
  const number = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put(name, 0);
  put(type === '5' ? '0000755' : '0000644', 100);
  put('0000000', 108);
  put('0000000', 116);
  put(number(size, 11), 124);
  put('00000000000', 136);
  put(type, 156);
  put('ustar', 257);
  put('00', 263);
  put(`${number(checksum(block), 6)}\0 `, 148);
  return block;
}

/** Bytes that fill the last block of so many. */
export const paddingOf = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes;
