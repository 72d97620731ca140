import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket, type SecureContext } from 'node:tls';
import { closedEarly } from '../../../../platform/http-client/index.ts';
import type { AnswerReader } from './answer-reader.ts';

/** Where a connection leads. */
export interface Place {
  /** A name or an address, without brackets. */
  host: string;
  port: number;
  /** Absent: without TLS. */
  tls?: {
    /** Whose certificate is asked for. */
    name: string;
    verify: boolean;
    context: SecureContext;
    /** Called once the certificate has been seen and, if wanted, verified. */
    onSecured: (socket: TLSSocket) => void;
  };
}

/** One request and its answer. */
interface Turn {
  request: Buffer | string;
  reader: AnswerReader;
  settle: () => void;
  refuse: (thrown: unknown) => void;
}

/**
 * What all connections read into, one after another: what is kept of it is copied before the next read. A thousand idle
 * connections have no buffers of their own.
 */
let received: Buffer | null = null;
const receivedBytes = 64 * 1024;

/** Whatever is not an error is told as one. */
const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/**
 * A connection over which requests go one after another. Made for a thousand that are idle nearly always: 7 KB each where undici's
 * client takes 20, and a sixth of its CPU time a request.
 */
export class Connection {
  /** Since when it has been idle, and by when it has to be given up; times are the caller's. */
  idleSince = 0;
  idleUntil = 0;
  readonly bornAt: number;
  /** A request was answered over it. */
  used = false;
  closed = false;
  readonly #socket: Socket;
  #ready = false;
  #turn: Turn | null = null;

  constructor(place: Place, now: number) {
    this.bornAt = now;
    received ??= Buffer.allocUnsafeSlow(receivedBytes);
    const onread = {
      buffer: received,
      callback: (length: number, buffer: Uint8Array) => {
        this.#take(buffer as Buffer, length);
        return true;
      },
    };
    const { tls } = place;
    const to = { host: place.host, port: place.port, onread };
    this.#socket = tls
      ? connectSecurely({
          ...to,
          ALPNProtocols: ['http/1.1'],
          secureContext: tls.context,
          rejectUnauthorized: tls.verify,
          ...(isIP(tls.name) === 0 ? { servername: tls.name } : {}),
        })
      : connect({ ...to, noDelay: true });
    // Nothing is said before the other side has shown who it is.
    this.#socket.once(tls ? 'secureConnect' : 'connect', () => {
      if (tls && this.#socket instanceof TLSSocket) tls.onSecured(this.#socket);
      this.#ready = true;
      if (this.#turn) this.#socket.write(this.#turn.request, 'latin1');
    });
    this.#socket.on('end', () => this.#onEnd());
    this.#socket.on('error', (thrown) => this.#fail(thrown));
    this.#socket.on('close', () => this.#fail(closedEarly()));
  }

  /** Sends a request, a string as Latin-1; resolves when as much of its answer was read as is wanted. Only while no other one is under way. */
  ask(request: Buffer | string, reader: AnswerReader): Promise<void> {
    return new Promise((settle, refuse) => {
      if (this.closed) return refuse(closedEarly());
      this.#turn = { request, reader, settle, refuse };
      this.#socket.ref();
      if (this.#ready) this.#socket.write(request, 'latin1');
    });
  }

  /** While it is idle it keeps no process alive. */
  rest(): void {
    this.#socket.unref();
  }

  /** Ends it; a request under way fails with the reason. */
  destroy(reason: unknown = closedEarly()): void {
    this.#fail(errorOf(reason));
  }

  #take(buffer: Buffer, length: number): void {
    const turn = this.#turn;
    // Nobody asked.
    if (!turn) return this.destroy();
    try {
      turn.reader.take(buffer.subarray(0, length));
    } catch (thrown) {
      this.#fail(errorOf(thrown));
      return;
    }
    if (turn.reader.done) this.#answered(turn);
  }

  #onEnd(): void {
    const turn = this.#turn;
    try {
      turn?.reader.end();
    } catch (thrown) {
      this.#fail(errorOf(thrown));
      return;
    }
    if (turn) this.#answered(turn);
    this.destroy();
  }

  #answered(turn: Turn): void {
    this.#turn = null;
    this.used = true;
    if (!turn.reader.reusable) this.destroy();
    turn.settle();
  }

  #fail(thrown: Error): void {
    this.closed = true;
    this.#socket.destroy();
    const turn = this.#turn;
    this.#turn = null;
    turn?.refuse(thrown);
  }
}
