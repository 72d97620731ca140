import { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { protocols, type WireError } from '@vigiles/wire';
import type { WebSocketServer } from 'ws';
import type { GatewayCore } from '../gateway-core.ts';
import type { Doorman } from '../serve/doorman.ts';
import { gatewayError } from '../turn/send-error.ts';
import type { Responses } from './responses.ts';
import { serveSocket, type ResponsesSocket } from './responses-socket.ts';

/** How long a connection may stay open, as at OpenAI. */
const LIMIT_MS = 60 * 60_000;

/** Takes upgrades at `/v1/responses`. */
export interface SocketDoor {
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes what is idle; what is not, when it is. */
  drain(): void;
  close(): void;
}

/** @param began a turn begins on one of the connections */
export function createSocketDoor(
  core: GatewayCore,
  responses: Responses,
  doorman: Doorman,
  began: () => void,
): SocketDoor {
  const open = new Map<ResponsesSocket, string>();
  let server: WebSocketServer | undefined;
  let maxPayload = 0;

  /** Loaded with the first upgrade: most gateways never see one. */
  async function webSockets(): Promise<WebSocketServer> {
    const { WebSocketServer } = await import('ws');
    const wanted = Math.floor(core.config.max_body_mb * 1024 * 1024);
    if (!server || maxPayload !== wanted) {
      maxPayload = wanted;
      server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        maxPayload,
        // Small frames cost more to compress than they save, and windows are not kept between messages.
        perMessageDeflate: { threshold: 1024, serverNoContextTakeover: true, concurrencyLimit: 4 },
      });
    }
    return server;
  }

  async function accept(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const identity = await doorman.identify(req, 'openai-responses');
    if ('message' in identity) {
      answerPlain(socket, identity);
      return;
    }
    const { deviceId } = identity;
    const limit = core.config.concurrent_turns;
    if ([...open.values()].filter((owner) => owner === deviceId).length >= limit) {
      const message = `This device has its ${limit} connections open already.`;
      answerPlain(socket, gatewayError('rate-limited', message, { retryAfterMs: 5000 }));
      return;
    }
    const sockets = await webSockets();
    if (socket.destroyed) return;
    sockets.handleUpgrade(req, socket, head, (webSocket) => {
      const served = serveSocket({
        core,
        responses,
        socket: webSocket,
        req: asTurnRequest(req),
        identity,
        identify: () => doorman.identify(req, 'openai-responses'),
        began,
      });
      open.set(served, deviceId);
      const timer = setTimeout(() => served.expire(), LIMIT_MS);
      timer.unref();
      webSocket.once('close', () => {
        clearTimeout(timer);
        open.delete(served);
      });
    });
  }

  return {
    upgrade(req, socket, head) {
      socket.on('error', () => socket.destroy());
      accept(req, socket, head).catch((thrown: unknown) => {
        core.log.error({ err: thrown }, 'a WebSocket could not be opened');
        socket.destroy();
      });
    },
    drain() {
      for (const served of open.keys()) served.expire();
    },
    close() {
      for (const served of open.keys()) served.close();
      server?.close();
    },
  };
}

/** What the upgrade itself needed must not go to a provider. */
function asTurnRequest(req: IncomingMessage): IncomingMessage {
  const headers = Object.fromEntries(
    Object.entries(req.headers).filter(
      ([name]) => !name.startsWith('sec-websocket-') && name !== 'openai-beta' && name !== 'connection',
    ),
  );
  const plain = new IncomingMessage(req.socket);
  plain.headers = headers;
  plain.method = 'POST';
  plain.url = req.url ?? '';
  return plain;
}

/** An answer to an upgrade that is refused. */
export function answerPlain(socket: Duplex, error: WireError, statusLine?: string): void {
  const encoded = protocols['openai-responses'].encodeError(error);
  const body = Buffer.from(JSON.stringify(encoded.body));
  const headers = { ...encoded.headers, 'content-type': 'application/json', 'content-length': body.length };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.write(
    `HTTP/1.1 ${statusLine ?? `${encoded.status} Refused`}\r\n${lines.join('')}connection: close\r\n\r\n`,
  );
  socket.end(body);
}
