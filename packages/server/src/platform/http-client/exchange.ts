import type { AnswerListener } from './answer-framer.ts';
import type { AnswerHead, AnswerHeaders } from './answer-head.ts';
import type { HttpConnection } from './http-connection.ts';

/** What a caller may do to an answer that is under way; the shape is that of undici’s controllers, whose readers work with it. */
export interface AnswerController {
  readonly aborted: boolean;
  readonly reason: Error | null;
  readonly paused: boolean;
  /** At the end of an answer: the system has taken the whole request, so that nothing reads its bytes any more. */
  readonly sent: boolean;
  /** Ends it with its connection; the handler is told with `onResponseError`. */
  abort(reason: Error): void;
  /** Nothing more is read from the connection; what has been read is still told. */
  pause(): void;
  resume(): void;
}

/** Who is told of an answer; the shape is that of undici’s dispatch handlers. */
export interface AnswerHandler {
  /** A connection is there, and the request is being sent. */
  onRequestStart(controller: AnswerController, context: unknown): void;
  onResponseStart(
    controller: AnswerController,
    status: number,
    headers: AnswerHeaders,
    statusText: string,
  ): void;
  /** The bytes are the handler’s to keep. */
  onResponseData(controller: AnswerController, chunk: Buffer): void;
  onResponseEnd(controller: AnswerController, trailers: Record<string, never>): void;
  /** Instead of the end; also where there was no answer at all. */
  onResponseError(controller: AnswerController, thrown: Error): void;
}

/** One request and its answer. */
export class Exchange implements AnswerController, AnswerListener {
  aborted = false;
  paused = false;
  sent = false;
  reason: Error | null = null;
  connection: HttpConnection | null = null;
  readonly method: string;
  /** The request as it is sent; let go once it is. */
  bytes: readonly Buffer[];
  readonly #handler: AnswerHandler;

  constructor(method: string, bytes: readonly Buffer[], handler: AnswerHandler) {
    this.method = method;
    this.bytes = bytes;
    this.#handler = handler;
  }

  started(): void {
    this.bytes = [];
    this.#handler.onRequestStart(this, null);
  }

  head({ status, headers }: AnswerHead): void {
    this.#handler.onResponseStart(this, status, headers, '');
  }

  body(bytes: Buffer): void {
    this.#handler.onResponseData(this, bytes);
  }

  ended(): void {
    if (!this.aborted) this.#handler.onResponseEnd(this, {});
  }

  failed(reason: Error): void {
    this.connection = null;
    this.#handler.onResponseError(this, reason);
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.connection?.fail(reason);
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.connection?.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.connection?.resume();
  }
}
