import { readAnswerHead, type AnswerHead } from './answer-head.ts';
import { ChunkReader } from './chunk-reader.ts';

/** Who is told of an answer as it comes. */
export interface AnswerListener {
  /** Once: the head of the answer itself, not of what comes before it (100 Continue and the like). */
  head(head: AnswerHead): void;
  /** The next bytes of its body; they are good until the call returns, unless their giver says otherwise. */
  body(bytes: Buffer): void;
}

const mostHeadBytes = 64 * 1024;

/**
 * Finds where an HTTP/1.1 answer begins and ends (RFC 9112, 6.3) in bytes that come in any pieces. Hostile: whatever is not an
 * answer is an error, and after anything doubtful the connection is not used again.
 */
export class AnswerFramer {
  /** All of it has come, or no more is wanted. */
  done = false;
  /** Another request may follow on its connection. */
  reusable = false;
  /** Not a byte has come yet. */
  silent = true;
  head: AnswerHead | null = null;
  readonly #listener: AnswerListener;
  /** An answer to HEAD has no body. */
  readonly #headOnly: boolean;
  #headText = '';
  #left: number | 'until_closed' | ChunkReader = 0;

  /** @param method of the request */
  constructor(method: string, listener: AnswerListener) {
    this.#headOnly = method === 'HEAD';
    this.#listener = listener;
  }

  /** The next bytes. Throws an error that says what is wrong with them. */
  take(bytes: Buffer): void {
    this.silent = false;
    let rest = bytes;
    while (!this.done && rest.length > 0) rest = this.head ? this.#takeBody(rest) : this.#takeHead(rest);
    // More than was asked for: whose answer would the next one be?
    if (rest.length > 0) this.reusable = false;
  }

  /** The other side sends no more. Throws when something was missing. */
  end(): void {
    if (this.done) return;
    if (this.#left !== 'until_closed') throw closedEarly();
    this.done = true;
  }

  /** No more of it is wanted: what comes is nobody's, and the connection with it. */
  stop(): void {
    this.done = true;
    this.reusable = false;
  }

  #takeHead(bytes: Buffer): Buffer {
    const end = this.#headText === '' ? bytes.indexOf('\r\n\r\n', 0, 'latin1') : -1;
    const text = end === -1 || end > mostHeadBytes ? '' : bytes.toString('latin1', 0, end + 4);
    // Nearly always it comes in one piece.
    if (text === '' || text.includes('\n\n')) return this.#takePartOfHead(bytes);
    this.#readHead(text);
    return bytes.subarray(end + 4);
  }

  #takePartOfHead(bytes: Buffer): Buffer {
    const before = this.#headText.length;
    const text = this.#headText + bytes.toString('latin1', 0, mostHeadBytes + 1);
    const end = endOfHead(text, Math.max(0, before - 3));
    if ((end === -1 ? text.length : end) > mostHeadBytes)
      throw new Error('the headers of its answer do not end');
    if (end === -1) {
      this.#headText = text;
      return empty;
    }
    this.#headText = '';
    this.#readHead(text.slice(0, end));
    return bytes.subarray(end - before);
  }

  #readHead(text: string): void {
    const head = readAnswerHead(text);
    // 100 and the like come before the answer.
    if (head.status >= 200 || head.status === 101) this.#begin(head);
  }

  #begin(head: AnswerHead): void {
    this.head = head;
    // Another protocol was not asked for.
    this.reusable = head.persistent && head.status !== 101;
    const without = head.status < 200 || head.status === 204 || head.status === 304;
    if (without || this.#headOnly) this.#left = 0;
    else if (head.chunked) this.#left = new ChunkReader();
    else this.#left = head.length ?? 'until_closed';
    this.done = this.#left === 0;
    this.#listener.head(head);
  }

  #takeBody(bytes: Buffer): Buffer {
    const left = this.#left;
    if (left === 'until_closed') {
      this.#listener.body(bytes);
      return empty;
    }
    if (typeof left === 'number') {
      const own = left < bytes.length ? bytes.subarray(0, left) : bytes;
      this.#left = left - own.length;
      this.done = this.#left === 0;
      this.#listener.body(own);
      return left < bytes.length ? bytes.subarray(left) : empty;
    }
    const rest = left.take(bytes, this.#keepChunk);
    if (left.done) this.done = true;
    return rest;
  }

  readonly #keepChunk = (bytes: Buffer): void => {
    // Stopped in the middle of what came together.
    if (!this.done) this.#listener.body(bytes);
  };
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
