import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createHttpClient } from './http-client.ts';
import type { Outgoing } from './request.ts';

/** What is said on a connection, for each request on it; null: nothing. */
let say: (nth: number, request: string, socket: Socket) => string | null = () => null;
const sockets: Socket[] = [];
const heard: string[] = [];
const server = createServer((socket) => {
  sockets.push(socket);
  let nth = 0;
  socket.on('error', () => undefined);
  socket.on('data', (piece) => {
    heard.push(piece.toString('latin1'));
    const said = say((nth += 1), piece.toString('latin1'), socket);
    if (said !== null) socket.write(said, 'latin1');
  });
});
let clockMs = 0;
const clock = { now: () => clockMs, monotonic: () => clockMs };
const client = createHttpClient(clock);
let origin = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  client.destroy();
  sockets.length = 0;
  heard.length = 0;
});
after(() => {
  client.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const answer = (text: string, more = '') =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${text.length}\r\n\r\n${text}`;
const outgoing = (more: Partial<Outgoing> = {}): Outgoing => ({
  url: new URL(`${origin}/x?y=1`),
  method: 'GET',
  headers: { accept: '*/*' },
  body: null,
  trust: { verify: true, caFile: null },
  redirects: 0,
  readBytes: 1000,
  ...more,
});
const ask = (more: Partial<Outgoing> = {}, signal = new AbortController().signal) =>
  client.ask(outgoing(more), signal);

describe('the client of HTTP checks', () => {
  it('sends what was asked for, the body by its bytes and the host with its port', async () => {
    say = () => answer('ok');
    const found = await ask({ method: 'POST', body: 'é', headers: { 'x-name': 'Zoë' } });
    assert.deepEqual([found.status, found.text], [200, 'ok']);
    assert.equal(
      heard[0],
      `POST /x?y=1 HTTP/1.1\r\nhost: ${origin.slice(7)}\r\nx-name: Zoë\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nÃ©`,
    );
  });

  it('refuses headers that would make two requests of one', async () => {
    await assert.rejects(ask({ headers: { 'x-name': 'a\r\nx: b' } }), /Invalid character/);
    await assert.rejects(
      ask({ headers: { 'transfer-encoding': 'chunked' } }),
      /transfer-encoding cannot be set/,
    );
    assert.equal(heard.length, 0);
  });

  it('asks a second time at once when a kept connection was closed meanwhile, but not when a new one is', async () => {
    say = (nth, _request, socket) => (nth === 1 ? answer('ok') : (socket.destroy(), null));
    await ask();
    assert.equal((await ask()).text, 'ok');
    assert.equal(sockets.length, 2);
    client.destroy();
    say = (_nth, _request, socket) => (socket.destroy(), null);
    await assert.rejects(ask(), /closed the connection before its answer was complete|ECONNRESET/);
    assert.equal(sockets.length, 3);
  });

  it('does not ask again when a part of the answer had come', async () => {
    say = (nth, _request, socket) => {
      if (nth === 1) return answer('ok');
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhal');
      return null;
    };
    await ask();
    await assert.rejects(ask(), /before its answer was complete/);
    assert.equal(heard.length, 2);
  });

  it('keeps a connection as long as the other side does, and no longer', async () => {
    say = () => answer('ok', 'keep-alive: timeout=5\r\n');
    await ask();
    clockMs += 3900;
    await ask();
    assert.equal(sockets.length, 1);
    clockMs += 4100;
    await ask();
    assert.equal(sockets.length, 2);
  });

  it('takes no connection for ever, so that an address that moved is seen', async () => {
    say = () => answer('ok');
    for (let i = 0; i < 10; i += 1) {
      await ask();
      clockMs += 40_000;
    }
    assert.equal(sockets.length, 2);
  });

  it('opens another connection while one is busy, and gives up what hangs when it is told to', async () => {
    say = (_nth, request) => (request.includes('/hang') ? null : answer('ok'));
    const giveUp = new AbortController();
    const hanging = ask({ url: new URL(`${origin}/hang`) }, giveUp.signal);
    assert.equal((await ask()).text, 'ok');
    giveUp.abort(new Error('enough'));
    await assert.rejects(hanging, /enough/);
    assert.equal((await ask()).text, 'ok');
    assert.equal(sockets.length, 2);
  });

  it('takes a last word that nobody asked for as the end of the connection', async () => {
    say = () => answer('ok');
    await ask();
    const [socket] = sockets;
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    socket?.write('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n');
    await closed;
    assert.equal((await ask()).status, 200);
    assert.equal(sockets.length, 2);
  });
});
