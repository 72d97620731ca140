import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { AnswerFramer, closedEarly } from './answer-framer.ts';
import type { Exchange } from './exchange.ts';

/** Where connections of a pool lead, and what they have in common. */
export interface Destination {
  /** A name or an address, without brackets. */
  host: string;
  port: number;
  secure: boolean;
  /** So long a connection may take to be made, TLS included. */
  connectTimeoutMs: number;
  /** The newest TLS session, so that the next handshake is a short one. */
  session: Buffer | undefined;
}

/** What becomes of a connection is its pool's affair. */
export interface ConnectionOwner {
  /** It may be used again. */
  idle(connection: HttpConnection): void;
  closed(connection: HttpConnection): void;
}

/**
 * What all connections read into, one after another: each read is copied before it is looked at. A thousand quiet ones have no
 * buffers of their own.
 */
let received: Buffer | null = null;
const receivedBytes = 64 * 1024;
/** The system asks whether the other side still is there after this silence. */
const probeAfterMs = 60_000;

/** A connection over which exchanges go one after another, HTTP/1.1 (RFC 9112, 9.3). */
export class HttpConnection {
  closed = false;
  /** Monotonic; while it is idle, when it is given up. */
  idleUntil = 0;
  /** So long the other side keeps it, by its own words in the last answer. */
  theirIdleMs: number | null = null;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  #connecting: NodeJS.Timeout | null;
  #exchange: Exchange | null = null;
  #framer: AnswerFramer | null = null;

  constructor(to: Destination, owner: ConnectionOwner) {
    this.#owner = owner;
    received ??= Buffer.allocUnsafeSlow(receivedBytes);
    const onread = {
      buffer: received,
      callback: (length: number, buffer: Uint8Array) => {
        this.#take(Buffer.from(buffer.subarray(0, length)));
        return true;
      },
    };
    const place = { host: to.host, port: to.port, onread };
    this.#socket = to.secure
      ? connectSecurely({
          ...place,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
          ...(to.session ? { session: to.session } : {}),
        })
      : connect(place);
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, probeAfterMs);
    if (to.secure) this.#socket.on('session', (session: Buffer) => (to.session = session));
    this.#socket.once(to.secure ? 'secureConnect' : 'connect', () => this.#ready());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (thrown) => this.fail(thrown));
    this.#socket.on('close', () => this.fail(closedEarly()));
    this.#connecting = setTimeout(() => this.fail(tooLate(to.connectTimeoutMs)), to.connectTimeoutMs);
  }

  /** Sends a request as soon as it can be sent. Only while no other exchange is under way. */
  begin(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.connection = this;
    if (!this.#connecting) this.#send(exchange);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Ends it; an exchange under way fails with the reason. */
  fail(reason: Error): void {
    if (this.closed) return;
    this.closed = true;
    if (this.#connecting) clearTimeout(this.#connecting);
    this.#connecting = null;
    this.#framer?.stop();
    this.#socket.destroy();
    this.#owner.closed(this);
    const exchange = this.#exchange;
    this.#exchange = null;
    exchange?.failed(reason);
  }

  #ready(): void {
    if (this.#connecting) clearTimeout(this.#connecting);
    this.#connecting = null;
    if (this.#exchange) this.#send(this.#exchange);
  }

  #send(exchange: Exchange): void {
    this.#framer = new AnswerFramer(exchange.method, exchange);
    const { bytes } = exchange;
    exchange.started();
    // Nobody wants it any more.
    if (this.closed) return;
    if (bytes.length === 1) this.#socket.write(bytes[0] as Buffer);
    else {
      this.#socket.cork();
      for (const piece of bytes) this.#socket.write(piece);
      this.#socket.uncork();
    }
  }

  #take(bytes: Buffer): void {
    const framer = this.#framer;
    // Nobody asked.
    if (!framer || !this.#exchange) return this.fail(closedEarly());
    try {
      framer.take(bytes);
    } catch (thrown) {
      this.fail(thrown as Error);
      return;
    }
    if (framer.done) this.#answered();
  }

  #ended(): void {
    try {
      this.#framer?.end();
    } catch (thrown) {
      this.fail(thrown as Error);
      return;
    }
    if (this.#exchange && this.#framer) {
      this.#framer.stop();
      this.#answered();
    } else this.fail(closedEarly());
  }

  #answered(): void {
    const exchange = this.#exchange;
    const framer = this.#framer;
    if (!exchange || !framer) return;
    this.#exchange = null;
    this.#framer = null;
    this.theirIdleMs = framer.head?.idleMs ?? null;
    exchange.connection = null;
    if (exchange.paused) this.#socket.resume();
    exchange.sent = this.#socket.writableLength === 0;
    // Answered before it has taken the whole request: it may never read the rest.
    if (framer.reusable && exchange.sent) this.#owner.idle(this);
    else this.fail(closedEarly());
    exchange.ended();
  }
}

const tooLate = (ms: number): Error =>
  Object.assign(new Error(`no connection within ${ms / 1000} s`), { code: 'ETIMEDOUT' });
