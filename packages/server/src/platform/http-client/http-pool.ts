import { systemClock, type Clock } from '../../kernel/clock.ts';
import { Exchange, type AnswerHandler } from './exchange.ts';
import { HttpConnection, type ConnectionOwner, type Destination } from './http-connection.ts';
import { requestBytes, type HttpRequest } from './request-bytes.ts';

export type { AnswerController, AnswerHandler } from './exchange.ts';
export type { HttpRequest } from './request-bytes.ts';

export interface HttpPoolOptions {
  /** So long a connection may take to be made, TLS included. */
  connectTimeoutMs: number;
  clock?: Clock;
}

/** Connections to one origin, as many as there are requests at a time; what is unused for a while is closed. */
export interface HttpPool {
  readonly origin: string;
  /**
   * Sends a request; the handler is told of its answer, or of what went wrong. Silence has no limit here: who waits, aborts.
   * Throws for a request that cannot be sent, and once the pool is destroyed.
   */
  dispatch(request: HttpRequest, handler: AnswerHandler): void;
  /** Resolves when what is under way has ended; no connection is kept from now on. */
  close(): Promise<void>;
  /** Ends everything at once. */
  destroy(): void;
}

/** So long an unused connection is kept where the other side names no time of its own. */
const usualKeepAliveMs = 30_000;
const mostKeepAliveMs = 600_000;
/** The other side may close it a moment before it says. */
const hasteMs = 2000;
const sweepMs = 5000;

/** @param origin `http://…` or `https://…` */
export function openHttpPool(origin: string, options: HttpPoolOptions): HttpPool {
  const url = new URL(origin);
  const secure = url.protocol === 'https:';
  const { clock = systemClock } = options;
  const to: Destination = {
    host: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    port: Number(url.port) || (secure ? 443 : 80),
    secure,
    connectTimeoutMs: options.connectTimeoutMs,
    session: undefined,
  };
  /** The one that was used last is used next: the others grow old and are closed. */
  const idle: HttpConnection[] = [];
  const all = new Set<HttpConnection>();
  let sweeper: NodeJS.Timeout | null = null;
  let closing: PromiseWithResolvers<void> | null = null;
  let destroyed = false;

  const owner: ConnectionOwner = {
    idle(connection) {
      const theirs = connection.theirIdleMs;
      const ms = theirs === null ? usualKeepAliveMs : Math.min(theirs - hasteMs, mostKeepAliveMs);
      if (closing || ms <= 0) {
        connection.fail(unused());
        return;
      }
      connection.idleUntil = clock.monotonic() + ms;
      idle.push(connection);
      sweeper ??= setInterval(sweep, sweepMs).unref();
    },
    closed(connection) {
      all.delete(connection);
      const at = idle.lastIndexOf(connection);
      if (at >= 0) idle.splice(at, 1);
      if (all.size === 0) closing?.resolve();
    },
  };

  function sweep(): void {
    const now = clock.monotonic();
    for (const connection of idle.filter(({ idleUntil }) => now >= idleUntil)) connection.fail(unused());
    if (idle.length > 0 || !sweeper) return;
    clearInterval(sweeper);
    sweeper = null;
  }

  function open(): HttpConnection {
    const connection = new HttpConnection(to, owner);
    all.add(connection);
    return connection;
  }

  /** One that the other side keeps, by all that is known. */
  function takeIdle(): HttpConnection | undefined {
    const now = clock.monotonic();
    for (let one = idle.pop(); one; one = idle.pop()) {
      if (now < one.idleUntil) return one;
      one.fail(unused());
    }
    return undefined;
  }

  function shut(): void {
    for (const connection of idle.splice(0)) connection.fail(unused());
    if (sweeper) clearInterval(sweeper);
    sweeper = null;
  }

  return {
    origin: url.origin,
    dispatch(request, handler) {
      if (destroyed) throw unused();
      const bytes = requestBytes(request, url.host);
      (takeIdle() ?? open()).begin(new Exchange(request.method, bytes, handler));
    },
    close() {
      closing ??= Promise.withResolvers<void>();
      shut();
      if (all.size === 0) closing.resolve();
      return closing.promise;
    },
    destroy() {
      destroyed = true;
      shut();
      for (const connection of all) connection.fail(unused());
    },
  };
}

const unused = (): Error => Object.assign(new Error('the connection was given up'), { code: 'ERR_CLOSED' });
