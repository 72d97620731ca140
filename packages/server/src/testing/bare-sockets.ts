import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { WebSocket, WebSocketServer } from 'ws';

/** A server that gives everything it hears to everybody else, and does nothing besides: what to measure beside. */
export interface BareServer {
  url: string;
}

async function listening(server: HttpServer): Promise<BareServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Socket.IO as it comes: `cli_event` is emitted under its own name to all. */
export function startBareSocketIo(): Promise<BareServer> {
  const server = createServer();
  const io = new Server(server, { serveClient: false, perMessageDeflate: false });
  io.on('connection', (socket) => {
    socket.on('cli_event', (event: { event_type: string }) => io.emit(event.event_type, event));
    socket.on('subscribe', () => socket.emit('subscribed', {}));
    socket.emit('connected', {});
  });
  return listening(server);
}

/** Plain WebSocket: what one says is sent to all, as it came. */
export function startBareWs(): Promise<BareServer> {
  const server = createServer();
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  wss.on('connection', (ws) => {
    ws.on('message', (data: Buffer) => {
      for (const client of wss.clients) if (client.readyState === WebSocket.OPEN) client.send(data);
    });
  });
  return listening(server);
}

/** A client of {@link startBareWs}. */
export function connectBareWs(url: string, heard: (text: string) => void): Promise<WebSocket> {
  const ws = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  ws.on('message', (data: Buffer) => heard(data.toString()));
  return new Promise((resolve, reject) => {
    ws.once('open', () => resolve(ws));
    ws.once('error', reject);
  });
}
