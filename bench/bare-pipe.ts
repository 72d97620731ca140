import { createServer } from 'node:http';
import { Agent } from 'undici';

/**
 * The baseline: node:http in, undici out, bytes copied, nothing else done. What a gateway in Node costs at the least.
 * Usage: node bare-pipe.ts <upstream origin>; prints its port through IPC.
 */
const origin = process.argv[2] ?? '';
const agent = new Agent({
  connections: 2048,
  pipelining: 1,
  keepAliveTimeout: 60_000,
  headersTimeout: 0,
  bodyTimeout: 0,
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    agent.dispatch(
      {
        origin,
        path: request.url ?? '/',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks),
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, status, headers) {
          const length = headers['content-length'];
          const type = headers['content-type'];
          response.writeHead(status, {
            'content-type': typeof type === 'string' ? type : 'application/json',
            ...(typeof length === 'string' ? { 'content-length': length } : {}),
          });
        },
        onResponseData(_controller, chunk) {
          response.write(chunk);
        },
        onResponseEnd() {
          response.end();
        },
        onResponseError(_controller, error) {
          response.destroy(error);
        },
      },
    );
  });
});
server.on('connection', (socket) => socket.setNoDelay(true));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0, rss: process.memoryUsage.rss() });
});
process.on('message', () => process.send?.({ rss: process.memoryUsage.rss(), cpu: process.cpuUsage() }));
