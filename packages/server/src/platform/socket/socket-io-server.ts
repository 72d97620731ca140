import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Identity } from '@vigiles/contract';
import type { Clock } from '../../kernel/clock.ts';
import { fault, FaultError, raise, toFault, type Fault } from '../../kernel/fault.ts';
import {
  credentialOf,
  envelopeOf,
  originAllowed,
  scopeFault,
  missingToken,
  type Guards,
} from '../http/index.ts';
import { socketScope } from './socket-scope.ts';
import { handshakeToken } from './handshake-token.ts';

export interface SocketIoOptions {
  server: HttpServer;
  guards: Guards;
  clock: Clock;
  allowedOrigins(): readonly string[];
  connected(socket: Socket, identity: Identity): void;
}

const tokenInUrl = (): Fault =>
  fault(
    'unauthorized',
    'token_in_url',
    'A token in the URL counts only on the machine of Vigiles itself, without a proxy: send it as auth.token.',
  );

/** Refused as Socket.IO wants it: `connect_error` with the error envelope in `data`. */
const refusal = (carried: Fault, nowMs: number): Error =>
  Object.assign(new Error(carried.message), { data: envelopeOf(carried, nowMs) });

/**
 * Socket.IO on `/socket.io`. `connectionStateRecovery` stays off for good: it adds an argument to every event
 * and keeps every packet in memory; clients resume by sequence number instead.
 */
export function attachSocketIo({ server, guards, clock, allowedOrigins, connected }: SocketIoOptions) {
  const io = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    destroyUpgrade: false,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    connectTimeout: 10_000,
    maxHttpBufferSize: 256 * 1024,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request: IncomingMessage, answer) => {
      const allowed = originAllowed(request.headers, allowedOrigins());
      answer(allowed ? null : 'origin_not_allowed', allowed);
    },
    cors: { origin: (_origin, answer) => answer(null, [...allowedOrigins()]), credentials: true },
  });

  /** Who connects. Throws a fault when it may not. */
  const admit = async (socket: Socket): Promise<Identity> => {
    const { auth, headers, query } = socket.handshake;
    const remoteAddress = socket.request.socket.remoteAddress ?? '';
    const shown = handshakeToken({ auth, query, headers, remoteAddress });
    if (shown === 'misplaced') raise(tokenInUrl());
    const credential = shown ? { kind: 'token' as const, value: shown.token } : credentialOf(headers);
    if (!credential) throw new FaultError(missingToken());
    const known = await guards.authenticate(credential, remoteAddress);
    if (!known.ok) throw new FaultError(known.fault);
    const lacking = scopeFault(known.value, socketScope);
    if (lacking) throw new FaultError(lacking);
    return known.value;
  };
  const answer = async (socket: Socket, next: (refused?: Error) => void): Promise<void> => {
    try {
      (socket.data as { identity?: Identity }).identity = await admit(socket);
    } catch (thrown) {
      return next(refusal(toFault(thrown), clock.now()));
    }
    return next();
  };
  io.use((socket, next) => void answer(socket, next));

  io.on('connection', (socket) => {
    const { identity } = socket.data as { identity: Identity };
    connected(socket, identity);
  });

  return {
    /** Ends every connection; the HTTP server is closed by its owner. */
    async close(): Promise<void> {
      io.disconnectSockets(true);
      io.engine.close();
      await io.of('/').adapter.close();
    },
  };
}
