import type { IncomingMessage } from 'node:http';
import { GatewayResponse } from './messages.ts';

/** Takes an answer that does not go down its own HTTP connection. */
export interface AnswerTaker {
  head(status: number): void;
  /** Whole events of a stream, or (a part of) a whole body. */
  piece(piece: Uint8Array | string): void;
  /** @param broken the answer ends before it is complete */
  end(broken: boolean): void;
}

/**
 * A response without a connection of its own: a turn that runs in the background, or one of many on a WebSocket, writes
 * to it as to any other.
 */
export class DetachedResponse extends GatewayResponse {
  readonly #taker: AnswerTaker;
  /** As they would have been sent. */
  readonly sentHeaders: Record<string, string> = {};
  #sent = false;
  #over = false;

  constructor(req: IncomingMessage, taker: AnswerTaker) {
    super(req);
    this.#taker = taker;
    Object.defineProperty(this, 'headersSent', { get: () => this.#sent });
  }

  override writeHead(status: number, ...rest: unknown[]): this {
    if (this.#sent) return this;
    this.#sent = true;
    const given = rest.at(-1);
    for (const [name, value] of Object.entries(this.getHeaders())) this.sentHeaders[name] = String(value);
    if (Array.isArray(given)) Object.assign(this.sentHeaders, fromPairs(given as string[]));
    else if (typeof given === 'object' && given !== null) Object.assign(this.sentHeaders, given);
    this.statusCode = status;
    this.#taker.head(status);
    return this;
  }

  override flushHeaders(): void {}

  override writePiece(piece: Uint8Array | string): void {
    this.#hand(piece);
  }

  override endPieces(piece = ''): void {
    this.#hand(piece);
    this.#close(false);
  }

  override endWhole(body: Buffer | string): void {
    if (this.#over) return;
    this.tap?.whole(body);
    this.#taker.piece(body);
    this.#close(false);
  }

  override end(...rest: unknown[]): this {
    const [body] = rest;
    if (!this.#over && (typeof body === 'string' || body instanceof Uint8Array)) this.#taker.piece(body);
    this.#close(false);
    return this;
  }

  override destroy(): this {
    this.#close(true);
    return this;
  }

  /** Whoever waited for the answer has left. */
  leave(): void {
    this.#over = true;
    this.emit('close');
  }

  #hand(piece: Uint8Array | string): void {
    if (piece.length === 0 || this.#over) return;
    this.tap?.piece(piece);
    this.#taker.piece(piece);
  }

  #close(broken: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#taker.end(broken);
  }
}

/** Names and values in turn. */
function fromPairs(pairs: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < pairs.length; at += 2)
    headers[String(pairs[at]).toLowerCase()] = String(pairs[at + 1]);
  return headers;
}
