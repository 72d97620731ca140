/** Longer lines between the chunks hold nothing that we need. */
const longestLine = 4096;
const mostTrailers = 64;
/** More is no size that anybody sends. */
const mostDigits = 12;

const lineFeed = 10;
const carriageReturn = 13;
const semicolon = 59;
const isBlank = (byte: number): boolean => byte === 32 || byte === 9;

/** Takes a chunked body apart (RFC 9112, 7.1) as its bytes come. */
export class ChunkReader {
  /** The last chunk and what follows it have come. */
  done = false;
  #part: 'size' | 'after_size' | 'extension' | 'data' | 'after_data' | 'trailers' = 'size';
  /** Bytes left of the chunk. */
  #left = 0;
  #digits = 0;
  #lineLength = 0;
  #trailers = 0;

  /** Hands on what is in the chunks and returns what comes after the last of them. Throws when they are broken. */
  take(bytes: Buffer, keep: (data: Buffer) => void): Buffer {
    let at = 0;
    while (at < bytes.length && !this.done) {
      if (this.#part !== 'data') {
        this.#step(bytes[at] as number);
        at += 1;
        continue;
      }
      const end = Math.min(bytes.length, at + this.#left);
      this.#left -= end - at;
      if (this.#left === 0) this.#part = 'after_data';
      keep(bytes.subarray(at, end));
      at = end;
    }
    return bytes.subarray(at);
  }

  #step(byte: number): void {
    switch (this.#part) {
      case 'size':
      case 'after_size':
        return this.#size(byte);
      case 'extension':
        return byte === lineFeed ? this.#sized() : this.#within();
      case 'trailers':
        return byte === lineFeed ? this.#trailer() : this.#within(byte === carriageReturn ? 0 : 1);
      default:
        if (byte === lineFeed) this.#begin('size');
        else if (byte !== carriageReturn) throw new Error('a chunk of its answer is longer than it says');
    }
  }

  #size(byte: number): void {
    const digit = this.#part === 'size' ? hexOf(byte) : -1;
    if (digit >= 0 && this.#digits < mostDigits) {
      this.#left = this.#left * 16 + digit;
      this.#digits += 1;
    } else if (this.#digits === 0) throw noSize();
    else if (byte === lineFeed) this.#sized();
    else if (byte === semicolon) this.#part = 'extension';
    else if (byte === carriageReturn || isBlank(byte)) this.#part = 'after_size';
    else throw noSize();
  }

  #sized(): void {
    this.#begin(this.#left === 0 ? 'trailers' : 'data');
  }

  #trailer(): void {
    if (this.#lineLength === 0) this.done = true;
    this.#lineLength = 0;
    this.#trailers += 1;
    if (this.#trailers > mostTrailers) throw new Error('the end of its answer does not end');
  }

  #begin(part: 'size' | 'data' | 'trailers'): void {
    this.#part = part;
    this.#digits = 0;
    this.#lineLength = 0;
    if (part === 'size') this.#left = 0;
  }

  #within(more = 1): void {
    this.#lineLength += more;
    if (this.#lineLength > longestLine)
      throw new Error('a line between the chunks of its answer does not end');
  }
}

const noSize = (): Error => new Error('a chunk of its answer has no size');

/** The value of a hexadecimal digit, or -1. */
function hexOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
