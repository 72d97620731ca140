import { ServerResponse } from 'node:http';
import type { AnswerTap } from '../responses/answer-tap.ts';
import type { Turn } from '../turn/turn.ts';

/** Longer texts are not worth putting together with their head. */
const MAX_JOINED_BYTES = 16 * 1024;

const CRLF = '\r\n';
const LAST_CHUNK = '0\r\n\r\n';

/** A response that knows its turn, so that one shared listener serves them all. */
export class GatewayResponse extends ServerResponse {
  turn: Turn | null = null;
  /** Watches what is written, where somebody has to. */
  tap: AnswerTap | null = null;
  /** Pieces of this tick: what came in one read goes out in one write. */
  #pieces: (Uint8Array | string)[] = [];
  #headOut = false;
  /** Takes a copy of what the client is told, where that is kept. */
  recording: { answered(piece: Uint8Array | string): void } | null = null;

  /**
   * The whole body at once, head and body in one write where that is cheaper than two.
   * @param bytes the length of a text, where it was counted already
   */
  endWhole(body: Buffer | string, bytes?: number): void {
    this.tap?.whole(body);
    this.recording?.answered(body);
    if (typeof body === 'string')
      this.end(body, (bytes ?? Buffer.byteLength(body)) === body.length ? 'latin1' : 'utf8');
    else if (body.length > MAX_JOINED_BYTES) this.end(body);
    // Latin-1 there and back keeps every byte, and node joins a text with its head.
    else this.end(body.toString('latin1'), 'latin1');
  }

  /** One piece of a stream; leaves at the end of this tick. `Turn.behind` is called when the client does not keep up. */
  writePiece(piece: Uint8Array | string): void {
    // A chunk without bytes would end the body.
    if (piece.length === 0) return;
    this.tap?.piece(piece);
    this.recording?.answered(piece);
    if (this.#pieces.push(piece) === 1) process.nextTick(flush, this);
  }

  /** The last piece, if there is one, and the end. */
  endPieces(piece = ''): void {
    if (piece !== '') {
      this.tap?.piece(piece);
      this.recording?.answered(piece);
      this.#pieces.push(piece);
    }
    const { socket } = this;
    if (this.#pieces.length === 0 || !socket) {
      this.flushPieces();
      this.end();
      return;
    }
    if (this.#headOut) {
      writeFramed(socket, this.#take(), LAST_CHUNK);
      // The terminator is out already, in the same write: `end` has nothing to add.
      this.chunkedEncoding = false;
      this.end();
      return;
    }
    socket.cork();
    this.flushPieces();
    this.end();
    socket.uncork();
  }

  #take(): (Uint8Array | string)[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** Frames the pieces as one chunk and writes it: node's own framing takes five writes for each piece. */
  flushPieces(): void {
    if (this.#pieces.length === 0) return;
    const pieces = this.#take();
    const { socket } = this;
    if (!socket || this.writableEnded || !this.chunkedEncoding) {
      if (!this.writableEnded) this.write(joined(pieces));
      return;
    }
    const first = !this.#headOut;
    if (first) {
      this.#headOut = true;
      socket.cork();
      this.flushHeaders();
    }
    const kept = writeFramed(socket, pieces);
    if (first) socket.uncork();
    if (!kept) this.turn?.behind(socket);
  }
}

function flush(response: GatewayResponse): void {
  response.flushPieces();
}

function joined(pieces: (Uint8Array | string)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

/** RFC 9112 §7.1: the length in hexadecimal, the bytes, each with its line end; `after` follows in the same write. */
function writeFramed(
  socket: NonNullable<ServerResponse['socket']>,
  pieces: (Uint8Array | string)[],
  after = '',
): boolean {
  let text = '';
  for (const piece of pieces) {
    if (typeof piece !== 'string') return socket.write(framedBytes(pieces, after));
    text += piece;
  }
  const bytes = Buffer.byteLength(text);
  const framed = bytes.toString(16) + CRLF + text + CRLF + after;
  return socket.write(framed, bytes === text.length ? 'latin1' : 'utf8');
}

function framedBytes(pieces: (Uint8Array | string)[], after: string): Uint8Array {
  const [only] = pieces;
  const body = pieces.length === 1 && only instanceof Uint8Array ? only : joined(pieces);
  const head = body.length.toString(16) + CRLF;
  const tail = CRLF + after;
  const framed = Buffer.allocUnsafe(head.length + body.length + tail.length);
  framed.write(head, 0, 'latin1');
  framed.set(body, head.length);
  framed.write(tail, head.length + body.length, 'latin1');
  return framed;
}
