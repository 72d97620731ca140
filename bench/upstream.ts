import { createServer, type Socket } from 'node:net';
import { chatAnswer, chatChunks, messagesAnswer, messagesChunks } from './upstream-answers.ts';
import { RequestReader, type ReceivedRequest } from './upstream-requests.ts';

/**
 * A provider that answers at once, on bare sockets: what it costs is taken from the same cores, so it must be little. A body
 * with `"stream":true` gets 50 chunks, each flushed on its own; the model name `idle` gets one chunk and then silence until it is aborted.
 */
const streamMark = Buffer.from('"stream":true');
const idleMark = Buffer.from('"model":"idle"');

const whole = (body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n`,
    ),
    body,
  ]);

const chunked = (chunks: readonly Buffer[]): Buffer[] => [
  Buffer.from(
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n',
  ),
  ...chunks.map((chunk) =>
    Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
  ),
];

const models = whole(
  Buffer.from('{"object":"list","data":[{"id":"bench","object":"model"},{"id":"idle","object":"model"}]}'),
);
const answers = {
  chat: { whole: whole(chatAnswer), chunks: chunked(chatChunks) },
  messages: { whole: whole(messagesAnswer), chunks: chunked(messagesChunks) },
};
const lastChunk = Buffer.from('0\r\n\r\n');

function answer(socket: Socket, { method, path, body }: ReceivedRequest): void {
  if (method === 'GET') {
    socket.write(models);
    return;
  }
  const { whole: text, chunks } = path.endsWith('/messages') ? answers.messages : answers.chat;
  if (!body.includes(streamMark)) {
    socket.write(text);
    return;
  }
  const [head, first, ...rest] = chunks;
  socket.write(Buffer.concat([head ?? lastChunk, first ?? lastChunk]));
  if (body.includes(idleMark)) return;
  let next = 0;
  const step = () => {
    socket.write(rest[next] ?? lastChunk);
    next += 1;
    if (next <= rest.length) setImmediate(step);
  };
  setImmediate(step);
}

const server = createServer({ noDelay: true }, (socket) => {
  const requests = new RequestReader((request) => answer(socket, request));
  socket.on('data', (chunk) => requests.read(chunk));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
