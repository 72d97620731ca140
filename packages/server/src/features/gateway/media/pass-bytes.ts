import type { WireError } from '@vigiles/wire';
import type { AnswerSink, AttemptHost } from '../turn/answer-sink.ts';
import type { Turn } from '../turn/turn.ts';
import { usageAtEnd } from './media-usage.ts';

/** Enough for the usage and the fields after it. */
const TAIL_BYTES = 4096;

/** Carries an answer of any type to the client as it comes: JSON, events, sound. Nothing of it is held but its tail. */
export class PassBytes implements AnswerSink {
  readonly #turn: Turn;
  readonly #host: AttemptHost;
  readonly #status: number;
  readonly #headers: string[];
  #tail = Buffer.alloc(0);
  #open = false;

  constructor(turn: Turn, host: AttemptHost, status: number, headers: string[]) {
    this.#turn = turn;
    this.#host = host;
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Buffer): void {
    const turn = this.#turn;
    turn.heard();
    this.#release();
    turn.write(chunk);
    this.#tail =
      chunk.length >= TAIL_BYTES
        ? Buffer.from(chunk.subarray(-TAIL_BYTES))
        : Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
  }

  end(): void {
    const turn = this.#turn;
    this.#release();
    turn.usage = usageAtEnd(this.#tail);
    turn.res.endPieces();
    turn.settle('ok', this.#status, undefined);
  }

  broken(error: WireError): void {
    const turn = this.#turn;
    if (!this.#open) {
      this.#host.refused(error);
      return;
    }
    turn.settle('upstream_error', this.#status, error);
    // Half a file must not look like a whole one: the client sees the connection break.
    turn.res.destroy();
  }

  beat(): void {}

  abandon(): void {}

  #release(): void {
    if (this.#open || this.#turn.settled) return;
    this.#open = true;
    this.#turn.firstContent();
    this.#turn.res.writeHead(this.#status, this.#headers);
  }
}
