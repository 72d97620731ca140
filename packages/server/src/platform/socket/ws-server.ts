import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Identity } from '@vigiles/contract';
import { credentialOf, originAllowed, scopeFault, type Credential, type Guards } from '../http/index.ts';
import { socketScope } from './socket-scope.ts';
import { closeCodes } from './ws-outlet.ts';

export interface WsOptions {
  server: HttpServer;
  guards: Guards;
  allowedOrigins(): readonly string[];
  /** `early`: what the client said while it was being let in. */
  connected(ws: WebSocket, identity: Identity, early: readonly string[]): void;
}

/** A client that shows no token must do so in its first message, within this time. */
const firstMessageMs = 10_000;
/** Control messages are small; anything larger is not one. */
const maxPayload = 64 * 1024;
/** Messages kept for a client that is still being let in. */
const maxEarly = 16;

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** The first message of a client without `Authorization` and cookie: `{"type":"auth","token":"vgl_…"}`. */
function firstToken(data: string): string | null {
  try {
    const message = JSON.parse(data) as { type?: unknown; token?: unknown } | null;
    return message?.type === 'auth' && typeof message.token === 'string' ? message.token : null;
  } catch {
    return null;
  }
}

/** Plain WebSocket on `/ws`, on the same server as everything else. */
export function attachWs({ server, guards, allowedOrigins, connected }: WsOptions) {
  const wss = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });

  const admit = async (ws: WebSocket, request: IncomingMessage, credential: Credential, early: string[]) => {
    const known = await guards.authenticate(credential, request.socket.remoteAddress ?? '');
    if (!known.ok) return ws.close(closeCodes['unauthorized'], known.fault.code);
    if (scopeFault(known.value, socketScope)) return ws.close(closeCodes['forbidden'], 'scope_missing');
    ws.removeAllListeners('message');
    if (ws.readyState === ws.OPEN) connected(ws, known.value, early);
    return undefined;
  };

  const upgraded = (ws: WebSocket, request: IncomingMessage) => {
    const early: string[] = [];
    let credential = credentialOf(request.headers);
    const letIn = (shown: Credential) => void admit(ws, request, shown, early).catch(() => ws.close(1011));
    const late = setTimeout(() => ws.close(closeCodes['unauthorized'], 'token_required'), firstMessageMs);
    ws.on('error', () => ws.terminate());
    ws.once('close', () => clearTimeout(late));
    ws.on('message', (data: Buffer) => {
      const text = data.toString();
      if (credential) {
        early.push(text);
        if (early.length > maxEarly) ws.close(1008, 'too_many_messages');
        return;
      }
      clearTimeout(late);
      credential = { kind: 'token', value: firstToken(text) ?? '' };
      letIn(credential);
    });
    if (!credential) return;
    clearTimeout(late);
    letIn(credential);
  };

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = pathOf(request);
    // Socket.IO has its own listener for its path.
    if (path === '/socket.io' || path === '/socket.io/') return;
    if (path !== '/ws') return refuseUpgrade(socket, '404 Not Found');
    if (!originAllowed(request.headers, allowedOrigins())) return refuseUpgrade(socket, '403 Forbidden');
    wss.handleUpgrade(request, socket, head, upgraded);
    return undefined;
  };
  server.on('upgrade', onUpgrade);

  return {
    close(): void {
      server.off('upgrade', onUpgrade);
      for (const ws of wss.clients) {
        ws.close(closeCodes['shutting_down'], 'shutting_down');
        setTimeout(() => ws.terminate(), 500).unref();
      }
      wss.close();
    },
  };
}
