import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  openHttpPool,
  type AnswerController,
  type AnswerHandler,
  type HttpPool,
  type HttpRequest,
} from './index.ts';

/** What is said for each request of a connection; null: nothing. */
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
let origin = '';
const pools: HttpPool[] = [];
let pool: HttpPool;
function open(to: string, connectTimeoutMs = 5000): void {
  pool = openHttpPool(to, { connectTimeoutMs, clock });
  pools.push(pool);
}

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  clockMs = 0;
  sockets.length = 0;
  heard.length = 0;
  open(origin);
});
after(() => {
  for (const one of pools) one.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** Everything a handler is told, in order; resolves at the end or with the error. */
interface Told {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  error: (Error & { code?: string }) | null;
}

function ask(more: Partial<HttpRequest> = {}, watch: Partial<AnswerHandler> = {}): Promise<Told> {
  return new Promise((resolve) => {
    const told: Told = { status: 0, headers: {}, text: '', error: null };
    pool.dispatch(
      { path: '/v1/x?y=1', method: 'POST', headers: ['accept', '*/*'], body: 'hi', ...more },
      {
        onRequestStart: (controller, context) => watch.onRequestStart?.(controller, context),
        onResponseStart(controller, status, headers, text) {
          Object.assign(told, { status, headers });
          watch.onResponseStart?.(controller, status, headers, text);
        },
        onResponseData(controller, chunk) {
          told.text += chunk.toString('latin1');
          watch.onResponseData?.(controller, chunk);
        },
        onResponseEnd(controller, trailers) {
          watch.onResponseEnd?.(controller, trailers);
          resolve(told);
        },
        onResponseError: (_controller, thrown) => resolve({ ...told, error: thrown }),
      },
    );
  });
}

const answer = (text: string, more = '') =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${text.length}\r\n\r\n${text}`;

describe('a pool of connections to one origin', () => {
  it('sends a request with its host, length and headers, and tells its answer', async () => {
    say = () => answer('ok', 'Set-Cookie: a\r\nset-cookie: b\r\nX-One: 1\r\n');
    const told = await ask({ body: 'é', headers: ['X-Name', 'Zo\u00eb', 'connection', 'close'] });
    assert.equal(
      heard[0],
      `POST /v1/x?y=1 HTTP/1.1\r\nhost: ${new URL(origin).host}\r\nconnection: keep-alive\r\nx-name: Zo\u00eb\r\ncontent-length: 2\r\n\r\n\u00c3\u00a9`,
    );
    assert.deepEqual([told.status, told.text, told.error], [200, 'ok', null]);
    assert.deepEqual([told.headers['set-cookie'], told.headers['x-one']], [['a', 'b'], '1']);
  });

  it('sends a body of any size whole, and another host where one is named', async () => {
    const body = Buffer.alloc(3_000_000, 'b');
    let bytes = 0;
    say = (_nth, piece) => ((bytes += piece.length) > body.length ? answer('ok') : null);
    assert.equal((await ask({ body, headers: ['Host', 'other.test'] })).text, 'ok');
    assert.match(heard[0] ?? '', /\r\nhost: other\.test\r\n/);
    assert.equal(heard.join('').split('\r\n\r\n')[1], body.toString());
  });

  it('says at the end of an answer whether the system has taken the whole request', async () => {
    const sent: boolean[] = [];
    const watch: Partial<AnswerHandler> = { onResponseEnd: (controller) => sent.push(controller.sent) };
    say = () => answer('ok');
    await ask({ body: Buffer.alloc(100_000) }, watch);
    say = (_nth, _request, socket) => {
      socket.pause();
      return answer('early');
    };
    assert.equal((await ask({ body: Buffer.alloc(30_000_000) }, watch)).text, 'early');
    assert.deepEqual(sent, [true, false]);
  });

  it('uses a connection again, one after the other, and opens more only beside busy ones', async () => {
    say = () => answer('ok');
    await ask();
    await ask();
    assert.equal(sockets.length, 1);
    await Promise.all([ask(), ask(), ask()]);
    assert.equal(sockets.length, 3);
  });

  it('gives up a connection that was unused for its time, or for the time that the other side names', async () => {
    say = () => answer('ok');
    await ask();
    clockMs = 31_000;
    await ask();
    assert.equal(sockets.length, 2);
    say = () => answer('ok', 'keep-alive: timeout=60\r\n');
    await ask();
    clockMs += 57_000;
    await ask();
    assert.equal(sockets.length, 2);
    clockMs += 59_000;
    await ask();
    assert.equal(sockets.length, 3);
  });

  it('never uses a connection again after an answer that was doubtful, asked to close, or said too much', async () => {
    const answers = [
      answer('ok', 'connection: close\r\n'),
      `${answer('ok')}more`,
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ];
    for (const [at, said] of answers.entries()) {
      say = () => said;
      assert.equal((await ask()).text, 'ok');
      assert.equal(sockets.length, at + 1);
    }
  });

  it('tells chunks as they come, and an answer that lasts until its connection ends', async () => {
    const seen: string[] = [];
    say = (_nth, _request, socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n');
      return null;
    };
    const first = ask(
      {},
      {
        onResponseData(_controller, chunk) {
          seen.push(chunk.toString());
          if (seen.length === 1) sockets[0]?.write('3;x=y\r\nyou\r\n0\r\nx-sum: 1\r\n\r\n');
        },
      },
    );
    assert.equal((await first).text, 'helloyou');
    assert.deepEqual(seen, ['hello', 'you']);
    say = (_nth, _request, socket) => {
      socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end');
      return null;
    };
    assert.deepEqual(await ask().then(({ text, error }) => [text, error]), ['until the end', null]);
  });

  it('says that a connection was cut, before or in the middle of an answer', async () => {
    for (const said of ['', 'HTTP/1.1 200 OK\r\ncontent-len', answer('long').slice(0, -2)]) {
      say = (_nth, _request, socket) => {
        socket.end(said);
        return null;
      };
      assert.equal((await ask()).error?.code, 'ECONNRESET', said);
    }
  });

  it('says what is wrong with an answer that is none', async () => {
    say = () => 'SSH-2.0-OpenSSH_9.6\r\n\r\n';
    assert.match((await ask()).error?.message ?? '', /does not answer in HTTP/);
  });

  it('reads nothing more while it is paused, and the whole rest afterwards', async () => {
    const text = 'x'.repeat(8_000_000);
    say = () => answer(text);
    const held: AnswerController[] = [];
    let bytes = 0;
    const told = ask(
      {},
      {
        onResponseData(controller, chunk) {
          bytes += chunk.length;
          if (held.length > 0) return;
          held.push(controller);
          controller.pause();
        },
      },
    );
    while (held.length === 0) await sleep(5);
    await sleep(100);
    assert.ok(bytes <= 65_536, `${bytes} bytes came while it was paused`);
    held[0]?.resume();
    assert.equal((await told).text.length, text.length);
    say = () => answer('ok');
    assert.equal((await ask()).text, 'ok');
  });

  it('ends an exchange that is aborted at any moment, with its connection', async () => {
    say = () => 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome';
    const why = new Error('left');
    for (const moment of ['onRequestStart', 'onResponseStart', 'onResponseData'] as const) {
      const { error, text } = await ask(
        {},
        { [moment]: (controller: AnswerController) => controller.abort(why) },
      );
      assert.equal(error, why);
      assert.equal(text, moment === 'onResponseData' ? 'some' : '');
    }
    say = () => answer('ok');
    assert.equal((await ask()).text, 'ok');
  });

  it('refuses what would end a header or the request line, and never says the value', async () => {
    const refusals: Partial<HttpRequest>[] = [
      { headers: ['x-key', 'secret\r\nx-more: 1'] },
      { headers: ['x-key', 'secret\u0142'] },
      { headers: ['x key', 'secret'] },
      { path: '/a b' },
      { method: 'GET /x' },
    ];
    for (const more of refusals)
      await assert.rejects(ask(more), (thrown: Error) => !thrown.message.includes('secret'));
    assert.equal(sockets.length, 0);
  });

  it('closes when what is under way has ended, and ends everything when it is destroyed', async () => {
    say = () => answer('idle');
    await ask();
    say = () => null;
    const under = ask();
    while (heard.length < 2) await sleep(5);
    let closed = false;
    const closing = pool.close().then(() => (closed = true));
    await sleep(20);
    assert.equal(closed, false);
    sockets[0]?.write(answer('late'));
    assert.equal((await under).text, 'late');
    await closing;
    open(origin);
    const cut = ask();
    while (heard.length < 3) await sleep(5);
    pool.destroy();
    assert.equal((await cut).error?.code, 'ERR_CLOSED');
    await assert.rejects(ask());
  });

  it('says that nothing listens, and that a connection was not made in time', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    open(`http://127.0.0.1:${port}`);
    assert.equal((await ask()).error?.code, 'ECONNREFUSED');
    // It takes connections, and never says a word of TLS.
    say = () => null;
    open(origin.replace('http:', 'https:'), 50);
    assert.equal((await ask()).error?.code, 'ETIMEDOUT');
  });
});
