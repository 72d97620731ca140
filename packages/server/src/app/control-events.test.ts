import assert from 'node:assert/strict';
import { connect, type Socket as TcpSocket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { VigilesEvent } from '@vigiles/contract';
import { alertsAfter, startTestControl, until, type TestControl } from '../testing/test-control.ts';

interface Sent {
  seq: number;
  type: string;
  timestamp: string;
  data: { title: string };
  subject: string;
}

/** A client of any transport: the sequence numbers it was given, in order. */
interface Follower {
  seqs: number[];
  close(): void;
}

describe('the event stream', () => {
  let test: TestControl;
  const sockets: Socket[] = [];
  before(async () => {
    test = await startTestControl();
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await test.close();
  });

  const socketClient = (auth: object = { token: test.admin }, more: object = {}): Socket => {
    const socket = io(test.url, {
      auth,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...more,
    });
    sockets.push(socket);
    return socket;
  };
  const once = <T>(socket: Socket, name: string): Promise<T> =>
    new Promise((resolve) => socket.once(name, (given: T) => resolve(given)));

  const followSocketIo = async (lastSeq: number): Promise<Follower> => {
    const socket = socketClient();
    const seqs: number[] = [];
    socket.on('alert:raised', (event: Sent) => seqs.push(event.seq));
    await once(socket, 'connected');
    const subscribed = once(socket, 'subscribed');
    socket.emit('subscribe', { last_seq: lastSeq, types: ['alert:raised'] });
    await subscribed;
    return { seqs, close: () => socket.disconnect() };
  };
  const followWs = async (lastSeq: number): Promise<Follower> => {
    const ws = new WebSocket(`${test.url.replace('http', 'ws')}/ws`);
    const seqs: number[] = [];
    const subscribed = Promise.withResolvers<void>();
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; event?: VigilesEvent };
      if (message.type === 'subscribed') subscribed.resolve();
      if (message.event) seqs.push(message.event.seq);
    });
    ws.on('open', () => {
      ws.send(JSON.stringify({ type: 'auth', token: test.admin }));
      // Without waiting: what is said while being let in is not lost.
      ws.send(JSON.stringify({ type: 'subscribe', last_seq: lastSeq, types: ['alert.raised'] }));
    });
    await subscribed.promise;
    return { seqs, close: () => ws.close() };
  };
  const followSse = async (lastSeq: number): Promise<Follower> => {
    const stop = new AbortController();
    const seqs: number[] = [];
    const response = await fetch(`${test.url}/api/v1/events?types=alert.raised`, {
      headers: {
        authorization: `Bearer ${test.admin}`,
        accept: 'text/event-stream',
        'last-event-id': `${lastSeq}`,
      },
      signal: stop.signal,
    });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const read = async () => {
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const id = /^id: (\d+)$/m.exec(block)?.[1];
          if (id) seqs.push(Number(id));
        }
      }
    };
    read().catch(() => undefined);
    return { seqs, close: () => stop.abort() };
  };

  for (const [name, follow] of [
    ['Socket.IO', followSocketIo],
    ['plain WebSocket', followWs],
    ['Server-Sent Events', followSse],
  ] as const) {
    it(`resumes over ${name} without gap or duplicate while events are appended`, async () => {
      const start = await test.control.events.head();
      await test.appendAlerts(1200);
      let appending = true;
      const appended = (async () => {
        for (let i = 0; i < 40; i += 1) await test.appendAlerts(5);
        appending = false;
      })();
      const followers = await Promise.all([follow(start), follow(start + 700)]);
      await appended;
      assert.equal(appending, false);
      const alerts = await alertsAfter(test, start);
      assert.equal(alerts.length, 1400);
      await until('everybody has the last event', () =>
        followers.every(({ seqs }) => seqs.at(-1) === alerts.at(-1)),
      );
      assert.deepEqual(followers[0]?.seqs, alerts);
      assert.deepEqual(followers[1]?.seqs, await alertsAfter(test, start + 700));
      for (const follower of followers) follower.close();
    });
  }

  it('greets, answers ping and subscribes as the contract of the seed says, with one argument each', async () => {
    const socket = socketClient();
    const given: unknown[][] = [];
    socket.onAny((...all: unknown[]) => given.push(all));
    const greeting = await once<Record<string, unknown>>(socket, 'connected');
    assert.equal(greeting['session_id'], null);
    assert.ok(Array.isArray(greeting['capabilities']));
    assert.match(String(greeting['timestamp']), /Z$/);
    assert.equal(typeof greeting['seq'], 'number');
    const pong = once<Record<string, unknown>>(socket, 'pong');
    socket.emit('ping');
    assert.deepEqual(Object.keys(await pong), ['timestamp']);
    const subscribed = once<Record<string, unknown>>(socket, 'subscribed');
    socket.emit('subscribe', {});
    assert.equal((await subscribed)['head_seq'], await test.control.events.head());
    const live = once<Sent>(socket, 'alert:raised');
    await test.appendAlerts(1, 'live');
    const event = await live;
    assert.equal(event.subject, 'live');
    assert.equal(event.type, 'alert.raised');
    assert.match(event.timestamp, /^\d{4}-\d\d-\d\dT.*Z$/);
    for (const all of given) assert.equal(all.length, 2, `${String(all[0])} has one argument`);
  });

  it('gives a client only the subject and types it asked for, and forgets the former wish', async () => {
    const socket = socketClient();
    const seen: string[] = [];
    socket.on('alert:raised', (event: Sent) => seen.push(event.subject));
    await once(socket, 'connected');
    for (const subject of ['a', 'b']) {
      const subscribed = once(socket, 'subscribed');
      socket.emit('subscribe', { subject });
      await subscribed;
    }
    for (const subject of ['a', 'b', 'c', 'b']) await test.appendAlerts(1, subject);
    await until('both of b arrived', () => seen.length >= 2);
    assert.deepEqual(seen, ['b', 'b']);
  });

  it('sends live samples only to those who asked for their topic, and counts them', async () => {
    const { events, stream } = test.control;
    const [watcher, other] = [socketClient(), socketClient()];
    const samples: unknown[] = [];
    other.on('fleet:beats', () => samples.push('not asked for'));
    await Promise.all([once(watcher, 'connected'), once(other, 'connected')]);
    assert.equal(stream.watching('fleet.beats'), 0);
    const subscribed = [once(watcher, 'subscribed'), once(other, 'subscribed')];
    watcher.emit('subscribe', { topics: ['fleet:beats'] });
    other.emit('subscribe', { topics: ['gateway:live'] });
    await Promise.all(subscribed);
    assert.equal(stream.watching('fleet.beats'), 1);
    const sample = once<{ data: { beats: unknown[] } }>(watcher, 'fleet:beats');
    const marker = once(other, 'gateway:live');
    events.publishVolatile('fleet.beats', { beats: [] });
    events.publishVolatile('gateway.live', { snapshot: null });
    assert.deepEqual((await sample).data, { beats: [] });
    await marker;
    assert.deepEqual(samples, []);
    watcher.disconnect();
    await until('nobody watches', () => stream.watching('fleet.beats') === 0);
  });

  it('tells a client whose cursor is ahead of the log to start anew', async () => {
    const socket = socketClient();
    await once(socket, 'connected');
    const subscribed = once<{ reset: boolean; head_seq: number }>(socket, 'subscribed');
    socket.emit('subscribe', { last_seq: 1_000_000_000 });
    assert.equal((await subscribed).reset, true);
    const live = once<Sent>(socket, 'alert:raised');
    await test.appendAlerts(1);
    assert.equal((await live).seq, await test.control.events.head());
  });

  it('answers a subscription that cannot be understood with an error that names the field', async () => {
    const socket = socketClient();
    await once(socket, 'connected');
    const error = once<{ code: string; error: string }>(socket, 'error');
    socket.emit('subscribe', { last_seq: 'x' });
    assert.match((await error).error, /^subscribe\.last_seq: /);
  });

  it('lets no socket in without a token, with a wrong one, or from a foreign page', async () => {
    const refused = (socket: Socket) =>
      new Promise<Error & { data?: { code: string } }>((resolve) => socket.once('connect_error', resolve));
    assert.equal((await refused(socketClient({}))).data?.code, 'token_required');
    assert.equal((await refused(socketClient({ token: 'vgl_nope' }))).data?.code, 'token_invalid');
    assert.equal(
      (await refused(socketClient({ token: await test.token('gateway') }))).data?.code,
      'scope_missing',
    );
    const foreign = { extraHeaders: { origin: 'https://evil.example' } };
    await refused(socketClient({ token: test.admin }, foreign));
    await refused(socketClient({ token: test.admin }, { ...foreign, transports: ['polling'] }));

    const closeCode = (first: string | null, origin?: string) =>
      new Promise<number | string>((resolve) => {
        const ws = new WebSocket(
          `${test.url.replace('http', 'ws')}/ws`,
          origin === undefined ? {} : { origin },
        );
        ws.on('open', () => first !== null && ws.send(first));
        ws.on('close', (code) => resolve(code));
        ws.on('error', (thrown) => resolve(thrown.message));
      });
    assert.equal(await closeCode('{"type":"subscribe"}'), 4401);
    assert.equal(await closeCode('{"type":"auth","token":"vgl_nope"}'), 4401);
    assert.match(String(await closeCode(null, 'https://evil.example')), /403/);
  });

  it('cuts the sockets of a device off when it is revoked', async () => {
    const { device, token } = await test.control.devices.createDevice({ name: 'short', scopes: ['read'] });
    const socket = socketClient({ token });
    await once(socket, 'connected');
    const reason = once<{ reason: string }>(socket, 'dropped');
    const gone = once(socket, 'disconnect');
    await test.control.devices.revoke(device.id, 'test');
    assert.equal((await reason).reason, 'revoked');
    await gone;
    assert.equal((await test.call('GET', '/api/v1/me', { token })).status, 401);
  });

  it('pages through the log', async () => {
    interface Page {
      events: VigilesEvent[];
      next_seq: number;
      head_seq: number;
      more: boolean;
    }
    const start = await test.control.events.head();
    await test.appendAlerts(5, 'paged');
    const path = (after: number) => `/api/v1/events?after_seq=${after}&limit=3&subject=paged`;
    const first = (await test.call<Page>('GET', path(start))).body;
    assert.equal(first.events.length, 3);
    assert.equal(first.more, true);
    const second = (await test.call<Page>('GET', path(first.next_seq))).body;
    assert.deepEqual(
      second.events.map(({ seq }) => seq),
      [start + 4, start + 5],
    );
    assert.equal(second.more, false);
    const unknown = await test.call('GET', '/api/v1/events?types=alert.raised,alert.lowered');
    assert.equal(unknown.status, 400);
    assert.match(unknown.body.error, /alert\.lowered/);
  });

  it('gives fifty sockets every event while it is appended', async () => {
    const followers = await Promise.all(
      Array.from({ length: 50 }, async () => followSocketIo(await test.control.events.head())),
    );
    const start = await test.control.events.head();
    for (let i = 0; i < 20; i += 1) await test.appendAlerts(10);
    const expected = await alertsAfter(test, start);
    assert.equal(expected.length, 200);
    await until('all have all', () => followers.every(({ seqs }) => seqs.length >= 200));
    for (const { seqs } of followers) assert.deepEqual(seqs, expected);
    for (const follower of followers) follower.close();
  });
});

describe('a client that does not read', () => {
  let test: TestControl;
  before(async () => {
    test = await startTestControl();
  });
  after(() => test.close());

  /** Says its lines by hand, each after it heard what the one before expects, and then never reads again. */
  const stalled = (...lines: [say: string, expect: RegExp][]): Promise<TcpSocket> =>
    new Promise((resolve, reject) => {
      const { host, port } = test.control.address();
      const socket = connect(port, host);
      let heard = '';
      const next = () => {
        if (lines[0]) socket.write(Buffer.from(lines[0][0], 'latin1'));
        else {
          socket.removeAllListeners('data');
          socket.on('error', () => undefined);
          resolve(socket.pause());
        }
      };
      socket.once('connect', next);
      socket.once('error', reject);
      socket.on('data', (chunk) => {
        heard += chunk.toString('latin1');
        if (!lines[0]?.[1].test(heard)) return;
        lines.shift();
        next();
      });
    });
  /** A client's text frame, masked with zeros. */
  const frame = (text: string): string => {
    const length =
      text.length < 126
        ? String.fromCharCode(0x80 | text.length)
        : `${String.fromCharCode(0xfe)}${String.fromCharCode(text.length >> 8, text.length & 255)}`;
    return `\u0081${length}\0\0\0\0${text}`;
  };
  const head = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${test.admin}\r\n${more}\r\n`;
  const upgrade =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

  it('is dropped at a bounded cost on every transport, while others go on receiving', async () => {
    const { stream } = test.control;
    const good = io(test.url, {
      auth: { token: test.admin },
      transports: ['websocket'],
      reconnection: false,
    });
    const seqs: number[] = [];
    good.on('alert:raised', (event: Sent) => seqs.push(event.seq));
    await new Promise((resolve) => good.once('connected', resolve));
    await new Promise((resolve) => {
      good.once('subscribed', resolve);
      good.emit('subscribe', { types: ['alert.raised'] });
    });

    const subscribe = frame('{"type":"subscribe"}');
    const lazy = await Promise.all([
      stalled([head('/ws', upgrade), /"connected"/], [subscribe, /"subscribed"/]),
      stalled([head('/api/v1/events', 'accept: text/event-stream\r\n'), /event: subscribed/]),
      stalled(
        [head('/socket.io/?EIO=4&transport=websocket', upgrade), /0\{"sid/],
        [frame('40'), /"connected"/],
        [frame('42["subscribe",{}]'), /"subscribed"/],
      ),
    ]);
    await until('all four follow', () => stream.clientCount() === 4 && stream.following() === 4);

    const start = await test.control.events.head();
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    const message = 'x'.repeat(20_000);
    let worst = 0;
    let sent = 0;
    await until('the three were dropped', async () => {
      await test.appendAlerts(20, 'flood', message);
      sent += 20;
      const { arrayBuffers, external } = process.memoryUsage();
      worst = Math.max(worst, stream.unreadBytes());
      assert.ok(arrayBuffers + external - before < 200 * 1024 * 1024);
      return stream.stats().droppedSlow === 3;
    });
    assert.ok(worst < 3 * 5 * 1024 * 1024, `${worst} bytes were kept for three clients`);
    assert.equal(stream.clientCount(), 1);
    const alerts = await alertsAfter(test, start);
    assert.equal(alerts.length, sent);
    await until('the good one has everything', () => seqs.at(-1) === alerts.at(-1));
    assert.deepEqual(seqs, alerts);
    const metrics = await test.call<string>('GET', '/metrics');
    assert.match(metrics.body, /^vigiles_slow_clients_dropped_total 3$/m);
    // Once they read again they learn that the connection is over.
    for (const socket of lazy) socket.resume();
    await Promise.all(
      lazy.map(async (socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))),
    );
    good.disconnect();
  });
});
