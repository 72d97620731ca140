import { createChunkReader, type ChunkReader } from './chunk-reader.ts';
import { readHead, type AnswerHead } from './read-head.ts';

/** What is wanted of an answer. */
export interface Wanted {
  /** Method of the request: an answer to HEAD has no body. */
  method: string;
  /** So much of the body is kept; 0: nothing. */
  readBytes: number;
  /** So much of a body that nobody reads is taken in to keep its connection usable. */
  dumpBytes: number;
}

const mostHeadBytes = 64 * 1024;

/**
 * Takes an HTTP/1.1 answer in as its bytes come (RFC 9112): no more is kept of it than was asked for. Hostile: whatever is
 * not an answer is an error, and after anything doubtful the connection is not used again.
 */
export class AnswerReader {
  /** Null until all headers have come. */
  head: AnswerHead | null = null;
  /** Nothing more is wanted. */
  done = false;
  /** There was more of it than is kept. */
  cut = false;
  /** Another request may follow on its connection. */
  reusable = false;
  /** Not a byte has come yet. */
  silent = true;
  readonly #wanted: Wanted;
  #headText = '';
  #bytes = 0;
  #left: number | 'until_closed' | ChunkReader = 0;
  #pieces: Buffer[] = [];

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** The next bytes; what is kept of them is copied. Throws an error that says what is wrong with them. */
  take(bytes: Buffer): void {
    this.silent = false;
    let rest = bytes;
    while (!this.done && rest.length > 0) rest = this.head ? this.#takeBody(rest) : this.#takeHead(rest);
    // More than was asked for: whose answer would the next one be?
    if (this.done && rest.length > 0) this.reusable = false;
  }

  /** The other side sends no more. Throws when something was missing. */
  end(): void {
    if (this.done) return;
    if (this.#left !== 'until_closed') throw closedEarly();
    this.done = true;
  }

  text(): string {
    return Buffer.concat(this.#pieces).subarray(0, this.#wanted.readBytes).toString('utf8');
  }

  #takeHead(bytes: Buffer): Buffer {
    const before = this.#headText.length;
    const text = this.#headText + bytes.toString('latin1');
    const end = endOfHead(text, Math.max(0, before - 3));
    if ((end === -1 ? text.length : end) > mostHeadBytes)
      throw new Error('the headers of its answer do not end');
    if (end === -1) {
      this.#headText = text;
      return empty;
    }
    this.#headText = '';
    const head = readHead(text.slice(0, end));
    // 100 and the like come before the answer.
    if (head.status >= 200 || head.status === 101) this.#begin(head);
    return bytes.subarray(end - before);
  }

  #begin(head: AnswerHead): void {
    this.head = head;
    this.reusable = head.persistent;
    const without = head.status < 200 || head.status === 204 || head.status === 304;
    if (without || this.#wanted.method === 'HEAD') this.#left = 0;
    else if (head.chunked) this.#left = createChunkReader();
    else this.#left = head.length ?? 'until_closed';
    this.done = this.#left === 0;
  }

  #takeBody(bytes: Buffer): Buffer {
    if (this.#left === 'until_closed') {
      this.#keep(bytes);
      return empty;
    }
    if (typeof this.#left === 'number') {
      const own = bytes.subarray(0, this.#left);
      this.#left -= own.length;
      this.done = this.#left === 0;
      this.#keep(own);
      return bytes.subarray(own.length);
    }
    const rest = this.#left.take(bytes, (own) => this.#keep(own));
    if (this.#left.done()) this.done = true;
    return rest;
  }

  #keep(bytes: Buffer): void {
    const { readBytes, dumpBytes } = this.#wanted;
    if (this.#bytes < readBytes) this.#pieces.push(Buffer.from(bytes.subarray(0, readBytes - this.#bytes)));
    this.#bytes += bytes.length;
    if (readBytes > 0 && this.#bytes > readBytes) this.cut = true;
    if (this.#bytes <= (readBytes > 0 ? readBytes : dumpBytes)) return;
    // The rest of it is left where it is, and the connection with it.
    this.done = true;
    this.reusable = false;
  }
}

const empty = Buffer.alloc(0);

/** Behind the empty line after the headers; -1 while it has not come. */
function endOfHead(text: string, from: number): number {
  const strict = text.indexOf('\r\n\r\n', from);
  const bare = text.indexOf('\n\n', from);
  if (bare !== -1 && (strict === -1 || bare < strict)) return bare + 2;
  return strict === -1 ? -1 : strict + 4;
}

/** The connection ended in the middle. */
export const closedEarly = (): Error =>
  Object.assign(new Error('it closed the connection before its answer was complete'), {
    code: 'ECONNRESET',
  });
