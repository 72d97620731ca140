import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { VigilesEvent } from '@vigiles/contract';
import { WebSocketServer } from 'ws';
import { fault, raise, toFault, type Fault } from '../../kernel/fault.ts';
import { statusOf } from '../../kernel/fault-status.ts';
import type { Log } from '../../kernel/log.ts';
import { envelopeOf } from '../../platform/http/index.ts';
import { serveConnection, type Connection } from './connection.ts';
import { bearerOf, refusalOf } from './core/refusal.ts';
import { httpCalls } from './http-calls.ts';
import type { Methods } from './methods.ts';

export interface BridgeServerDeps {
  token: string;
  port: number;
  methods: Methods;
  mostEditors(): number;
  now(): number;
  log: Log;
}

/** The bridge while it listens, on loopback only. */
export interface BridgeServer {
  readonly port: number;
  editors(): { client: string; connected_at: number }[];
  tell(event: VigilesEvent): void;
  close(): Promise<void>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const maxPayload = 262_144;

/** Opens the bridge. Rejects when the port cannot be had. */
export async function openBridge(deps: BridgeServerDeps): Promise<BridgeServer> {
  const { token, methods, now, log } = deps;
  const wanted = digest(token);
  const connections = new Map<Connection, number>();
  const calls = httpCalls(methods, () => connections.size);
  let port = deps.port;

  /** Whether the request may come in at all; what it asks for is looked at afterwards. */
  function refusal(request: IncomingMessage): Fault | null {
    const refused = refusalOf(request.headers, port);
    if (refused) return refused;
    const shown = bearerOf(request.headers);
    return shown !== null && timingSafeEqual(digest(shown), wanted)
      ? null
      : fault(
          'unauthorized',
          'bridge_token_invalid',
          'Send the token of run/vscode-bridge.json as a Bearer token.',
        );
  }

  function answer(response: ServerResponse, status: number, body: unknown): void {
    if (response.headersSent) return;
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        ...(status === 200 ? {} : { connection: 'close' }),
      })
      .end(JSON.stringify(body));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const refused = refusal(request);
      if (refused) raise(refused);
      const url = new URL(request.url ?? '/', 'http://bridge');
      const path = url.pathname.replace(/^\/api\/v1\/vscode(?=\/)/, '');
      const key = `${request.method ?? ''} ${path}`;
      const call = Object.hasOwn(calls, key) ? calls[key] : undefined;
      if (!call) raise(fault('not-found', 'not_found', 'The bridge has no such path.'));
      else answer(response, 200, await call(request, url, gone.signal));
    } catch (thrown) {
      const carried = toFault(thrown);
      if (carried.code === 'internal_error') log.error({ err: thrown }, 'The bridge could not answer');
      answer(response, statusOf(carried.kind), envelopeOf(carried, now()));
    }
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const server = createServer((request, response) => void serve(request, response));
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    socket.on('error', () => socket.destroy());
    const refused = refusal(request);
    if (refused) return refuse(refused.kind === 'unauthorized' ? '401 Unauthorized' : '403 Forbidden');
    if ((request.url ?? '').split('?', 1)[0] !== '/rpc') return refuse('404 Not Found');
    if (connections.size >= deps.mostEditors()) return refuse('503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const connection = serveConnection(ws, methods, log);
      connections.set(connection, now());
      ws.once('close', () => connections.delete(connection));
    });
    return undefined;
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  ({ port } = server.address() as AddressInfo);

  return {
    port,
    editors: () =>
      Array.from(connections, ([{ client }, connectedAt]) => ({ client, connected_at: connectedAt })),
    tell(event) {
      for (const connection of connections.keys()) connection.tell(event);
    },
    async close() {
      for (const connection of connections.keys()) connection.end();
      sockets.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      for (const ws of sockets.clients) ws.once('close', () => server.closeAllConnections());
      setTimeout(() => server.closeAllConnections(), 600).unref();
      await closed;
    },
  };
}
