import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { createFrame, joinFrames } from './frame.ts';

it('frames that are written once, and together, are read by a WebSocket client one by one as they were meant', async () => {
  const texts = ['', 'x', 'ä€😀', 'x'.repeat(120), 'x'.repeat(130), '€'.repeat(30_000), 'x'.repeat(70_000)];
  const frames = texts.map((text) =>
    createFrame({ socketIo: () => ['a', text], ws: () => null, sse: () => ({ data: null }) }),
  );
  const server = createServer().listen(0, '127.0.0.1');
  const wss = new WebSocketServer({ server });
  wss.on('connection', (_ws, request) => {
    request.socket.write(joinFrames(frames).socketIoFrames);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    client.once('error', reject);
    client.on('message', (data: Buffer) => {
      heard.push(data.toString());
      if (heard.length === texts.length) resolve();
    });
  });
  assert.deepEqual(
    heard,
    texts.map((text) => `42${JSON.stringify(['a', text])}`),
  );
  client.terminate();
  wss.close();
  server.close();
});
