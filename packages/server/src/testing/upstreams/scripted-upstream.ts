import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request as a scripted provider got it. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The parsed body; undefined when it was not JSON. */
  json: Record<string, unknown> | undefined;
  /** True once the other side closed before the answer was complete. */
  aborted: boolean;
}

export type Script = (request: SeenRequest, res: ServerResponse) => void | Promise<void>;

/** A provider whose answers to POSTs, and to all that is asked about kept responses, a test writes. Real sockets, on a port the system chose. */
export interface ScriptedUpstream {
  /** `http://127.0.0.1:<port>`. */
  origin: string;
  requests: SeenRequest[];
  /** Sockets open now. */
  sockets: Set<Socket>;
  /** Replaces the script. */
  script(next: Script): void;
  close(): Promise<void>;
}

/** @param models what it lists; none: it has no list */
export async function startScriptedUpstream(
  first: Script,
  models: readonly string[] = [],
): Promise<ScriptedUpstream> {
  let current = first;
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((req, res) => {
    if (req.method !== 'POST' && !req.url?.includes('/responses/')) {
      // The gateway asks for model lists when it likes; turns are what a script is for.
      req.resume();
      if (models.length === 0) answerJson(res, 404, { error: { message: 'no list here' } });
      else answerJson(res, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
      return;
    }
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks);
      const seen: SeenRequest = {
        method: req.method ?? '',
        path: req.url ?? '',
        headers: req.headers,
        body,
        json: asObject(body),
        aborted: false,
      };
      requests.push(seen);
      res.on('close', () => {
        seen.aborted = !res.writableFinished;
      });
      void current(seen, res);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    sockets,
    script(next) {
      current = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function asObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes an event stream in the given pieces, one write each. */
export async function streamPieces(
  res: ServerResponse,
  pieces: readonly (string | Uint8Array)[],
): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) {
    res.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  res.end();
}

/** Answers with JSON. */
export function answerJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}
