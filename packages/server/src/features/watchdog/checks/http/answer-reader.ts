import { AnswerFramer, type AnswerHead } from '../../../../platform/http-client/index.ts';

/** What is wanted of an answer. */
export interface Wanted {
  /** Method of the request: an answer to HEAD has no body. */
  method: string;
  /** So much of the body is kept; 0: nothing. */
  readBytes: number;
  /** So much of a body that nobody reads is taken in to keep its connection usable. */
  dumpBytes: number;
}

/** Takes an answer in as its bytes come: no more is kept of it than was asked for. */
export class AnswerReader {
  /** There was more of it than is kept. */
  cut = false;
  readonly #wanted: Wanted;
  readonly #framer: AnswerFramer;
  #bytes = 0;
  #pieces: Buffer[] = [];

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
    this.#framer = new AnswerFramer(wanted.method, { head: () => undefined, body: this.#keep });
  }

  /** Null until all headers have come. */
  get head(): AnswerHead | null {
    return this.#framer.head;
  }

  /** Nothing more is wanted. */
  get done(): boolean {
    return this.#framer.done;
  }

  /** Another request may follow on its connection. */
  get reusable(): boolean {
    return this.#framer.reusable;
  }

  /** Not a byte has come yet. */
  get silent(): boolean {
    return this.#framer.silent;
  }

  /** The next bytes; what is kept of them is copied. Throws an error that says what is wrong with them. */
  take(bytes: Buffer): void {
    this.#framer.take(bytes);
  }

  /** The other side sends no more. Throws when something was missing. */
  end(): void {
    this.#framer.end();
  }

  text(): string {
    return Buffer.concat(this.#pieces).subarray(0, this.#wanted.readBytes).toString('utf8');
  }

  readonly #keep = (bytes: Buffer): void => {
    const { readBytes, dumpBytes } = this.#wanted;
    if (this.#bytes < readBytes) this.#pieces.push(Buffer.from(bytes.subarray(0, readBytes - this.#bytes)));
    this.#bytes += bytes.length;
    if (readBytes > 0 && this.#bytes > readBytes) this.cut = true;
    // The rest of it is left where it is, and the connection with it.
    if (this.#bytes > (readBytes > 0 ? readBytes : dumpBytes)) this.#framer.stop();
  };
}
