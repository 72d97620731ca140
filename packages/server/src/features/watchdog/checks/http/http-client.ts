import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { systemClock, type Clock } from '../../../../kernel/clock.ts';
import { authoritiesIn, type Authorities } from '../authorities.ts';
import { AnswerReader } from './answer-reader.ts';
import { Connection, type Place } from './connection.ts';
import { closes, requestText } from './request-text.ts';
import type { Outgoing } from './request.ts';

/** How connections to a target are secured. */
export interface Trust {
  verify: boolean;
  /** PEM file of further authorities. */
  caFile: string | null;
}

/** The certificate of the newest connection to a place. */
export interface SeenCertificate {
  /** UTC ms. */
  validFrom: number;
  validTo: number;
  subject: string;
  issuer: string;
}

/** An answer with as much of its text as was asked for. */
export interface Answer {
  status: number;
  /** Where a redirect leads. */
  location: string | null;
  text: string;
  /** There was more of it. */
  cut: boolean;
}

/** Connections of all HTTP checks: one for each place, more only while that one is busy, and none for ever. */
export interface HttpClient {
  /**
   * Sends one request and takes its answer in; redirects are not followed. What hangs keeps nobody else waiting. Throws what the
   * connection fails with, and the reason of the signal.
   */
  ask(outgoing: Outgoing, signal: AbortSignal): Promise<Answer>;
  certificateOf(url: URL): SeenCertificate | null;
  destroy(): void;
}

/** A connection is used this long: a certificate that was renewed and an address that moved are seen then. */
const connectionLifeMs = 300_000;
const idleMs = 60_000;
/** The other side may close it a moment before it says. */
const hasteMs = 1000;
const sweepMs = 15_000;
const mostCertificates = 2000;
const mostIdle = 10_000;
const mostIdleAtPlace = 8;
/** How much of an answer that nobody reads is taken in to keep its connection usable. */
const dumpBytes = 256 * 1024;

const placeOf = (host: string, port: string | number): string => `${host}:${String(port) || '443'}`;
const plainHost = (host: string): string => (host.startsWith('[') ? host.slice(1, -1) : host);

export function createHttpClient(clock: Clock = systemClock): HttpClient {
  const idle = new Map<string, Connection[]>();
  const busy = new Set<Connection>();
  /** Trusts the usual authorities. */
  let usual: SecureContext | null = null;
  const certificates = new Map<string, SeenCertificate>();
  let idleCount = 0;
  let sweeper: NodeJS.Timeout | null = null;

  function note(place: string, socket: TLSSocket): void {
    const { valid_from: validFrom, valid_to: validTo, subject, issuer } = socket.getPeerCertificate();
    if (!validTo) return;
    certificates.delete(place);
    const oldest = certificates.keys().next().value;
    if (certificates.size >= mostCertificates && oldest !== undefined) certificates.delete(oldest);
    const name = (of: typeof subject | undefined) => String(of?.CN ?? of?.O ?? '').slice(0, 200);
    certificates.set(place, {
      validFrom: Date.parse(validFrom),
      validTo: Date.parse(validTo),
      subject: name(subject),
      issuer: name(issuer),
    });
  }

  /** Whose certificate is asked for: the host that the request names. */
  const nameOf = ({ url, headers }: Outgoing): string =>
    plainHost((headers['host'] ?? url.hostname).replace(/:\d+$/, ''));

  function open(outgoing: Outgoing, authorities: Authorities | null, now: number): Connection {
    const { url, trust } = outgoing;
    const secure = url.protocol === 'https:';
    const place: Place = {
      host: plainHost(url.hostname),
      port: Number(url.port) || (secure ? 443 : 80),
      ...(secure
        ? {
            tls: {
              name: nameOf(outgoing),
              verify: trust.verify,
              context: authorities?.context ?? (usual ??= createSecureContext()),
              onSecured: (socket) => note(placeOf(url.hostname, url.port), socket),
            },
          }
        : {}),
    };
    return new Connection(place, now);
  }

  /** Who trusted others than are trusted now goes on with connections of its own. */
  const keyOf = (outgoing: Outgoing, authorities: Authorities | null): string => {
    const { url, trust } = outgoing;
    return url.protocol === 'https:'
      ? `${url.origin} ${nameOf(outgoing)} ${trust.verify} ${authorities ? `${trust.caFile} ${authorities.stamp}` : ''}`
      : url.origin;
  };

  /** The one that was used last: others grow old and are closed. */
  function takeIdle(key: string, now: number): Connection | null {
    const kept = idle.get(key);
    for (let one = kept?.pop(); one; one = kept?.pop()) {
      idleCount -= 1;
      if (!one.closed && now < one.idleUntil) return one;
      one.destroy();
    }
    return null;
  }

  function giveBack(key: string, connection: Connection, theirIdleMs: number | null): void {
    const now = clock.monotonic();
    connection.idleUntil = Math.min(
      now + Math.min(idleMs, (theirIdleMs ?? Number.POSITIVE_INFINITY) - hasteMs),
      connection.bornAt + connectionLifeMs,
    );
    let kept = idle.get(key);
    if (!kept) idle.set(key, (kept = []));
    if (connection.idleUntil <= now || kept.length >= mostIdleAtPlace || idleCount >= mostIdle)
      return connection.destroy();
    kept.push(connection);
    idleCount += 1;
    connection.rest();
    sweeper ??= setInterval(sweep, sweepMs).unref();
  }

  /** Places that nobody asks any more are given up. */
  function sweep(): void {
    const now = clock.monotonic();
    for (const [key, kept] of idle) {
      const left = kept.filter((one) => {
        if (!one.closed && now < one.idleUntil) return true;
        one.destroy();
        return false;
      });
      idleCount -= kept.length - left.length;
      if (left.length === 0) idle.delete(key);
      else if (left.length < kept.length) idle.set(key, left);
    }
  }

  async function askOver(
    connection: Connection,
    outgoing: Outgoing,
    reader: AnswerReader,
    signal: AbortSignal,
  ) {
    const stop = () => connection.destroy(signal.reason);
    signal.addEventListener('abort', stop);
    busy.add(connection);
    try {
      await connection.ask(requestText(outgoing), reader);
    } catch (thrown) {
      connection.destroy();
      throw thrown;
    } finally {
      busy.delete(connection);
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    async ask(outgoing, signal) {
      const { caFile } = outgoing.trust;
      const secure = outgoing.url.protocol === 'https:';
      const authorities = secure && caFile !== null ? await authoritiesIn(caFile) : null;
      const key = keyOf(outgoing, authorities);
      const wanted = { method: outgoing.method, readBytes: outgoing.readBytes, dumpBytes };
      for (;;) {
        signal.throwIfAborted();
        const now = clock.monotonic();
        const connection = takeIdle(key, now) ?? open(outgoing, authorities, now);
        const reader = new AnswerReader(wanted);
        try {
          await askOver(connection, outgoing, reader, signal);
        } catch (thrown) {
          // Closed by the other side while nobody used it: that says nothing about the service.
          if (connection.used && reader.silent && !signal.aborted) continue;
          throw thrown;
        }
        const { status = 0, headers = {}, idleMs: theirIdleMs = null } = reader.head ?? {};
        const location = [headers['location']].flat()[0] ?? null;
        if (!connection.closed && !closes(outgoing.headers)) giveBack(key, connection, theirIdleMs);
        else connection.destroy();
        return { status, location, text: reader.text(), cut: reader.cut };
      }
    },
    certificateOf: ({ hostname, port }) => certificates.get(placeOf(hostname, port)) ?? null,
    destroy() {
      if (sweeper) clearInterval(sweeper);
      sweeper = null;
      for (const connection of [...busy, ...[...idle.values()].flat()]) connection.destroy();
      idle.clear();
      idleCount = 0;
    },
  };
}
