import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as JSON; an empty object where it is none. */
  json: Record<string, unknown>;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Never answers. */
  silent?: boolean;
  /** Answers so much later. */
  afterMs?: number;
}

export interface Receiver {
  url: string;
  calls: Call[];
  /** How it answers from now on. */
  answer: (call: Call) => Reply;
  close(): Promise<void>;
}

/** A service on loopback that keeps what it was sent. */
export async function startReceiver(
  answer: (call: Call) => Reply = () => ({ status: 200, text: 'ok' }),
): Promise<Receiver> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      let json: Record<string, unknown> = {};
      try {
        json = JSON.parse(body) as Record<string, unknown>;
      } catch {
        // Not JSON.
      }
      const call = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        json,
      };
      const reply = receiver.answer(call);
      calls.push(call);
      if (reply.silent) return;
      const respond = () => {
        response.writeHead(reply.status ?? 200, {
          ...(reply.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...reply.headers,
        });
        response.end(reply.json === undefined ? reply.text : JSON.stringify(reply.json));
      };
      if (reply.afterMs === undefined) respond();
      else setTimeout(respond, reply.afterMs);
    });
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    calls,
    answer,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return receiver;
}
