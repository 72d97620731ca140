import { createServer, type ServerResponse } from 'node:http';
import { chatAnswer, chatChunks, messagesAnswer, messagesChunks } from './upstream-answers.ts';

/**
 * A provider that answers at once: the smallest cost a real HTTP server can have. A body with `"stream":true` gets
 * 50 chunks, each flushed on its own; the model name `idle` gets one chunk and then silence until it is aborted.
 */
const streamMark = Buffer.from('"stream":true');
const idleMark = Buffer.from('"model":"idle"');

function answer(path: string, body: Buffer, response: ServerResponse): void {
  const messages = path.endsWith('/messages');
  if (!body.includes(streamMark)) {
    const text = messages ? messagesAnswer : chatAnswer;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.end(text);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunks = messages ? messagesChunks : chatChunks;
  if (body.includes(idleMark)) {
    response.write(chunks[0]);
    return;
  }
  let next = 0;
  const step = () => {
    response.write(chunks[next]);
    next += 1;
    if (next < chunks.length) setImmediate(step);
    else response.end();
  };
  step();
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"object":"list","data":[{"id":"bench","object":"model"},{"id":"idle","object":"model"}]}');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () =>
    answer(
      request.url ?? '',
      chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks),
      response,
    ),
  );
});
server.keepAliveTimeout = 120_000;
server.on('connection', (socket) => socket.setNoDelay(true));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
