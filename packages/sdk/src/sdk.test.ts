import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { SessionEvent } from '@vigiles/contract';
import { startTestControl, until, type TestControl } from '../../server/src/testing/test-control.ts';
import {
  attach,
  createSessionsClient,
  watch,
  type Attachment,
  type VigilesError,
  type WatchedEvent,
} from './index.ts';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Passes everything on, and loses every third answer: it was done, and nobody is told. */
async function lossyProxy(target: string): Promise<{ url: string; lost(): number; close(): void }> {
  let calls = 0;
  let lost = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const onward = request(
      target + incoming.url,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        calls += 1;
        if (calls % 3 === 0) {
          lost += 1;
          answer.resume().once('end', () => outgoing.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lost: () => lost,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A way to the server whose connections can be cut. */
async function cuttable(target: string): Promise<{ url: string; cut(): void; close(): void }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  const server = createTcpServer((inner) => {
    const outer = connect(Number(port), hostname);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound.port}`,
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

describe('the SDK', () => {
  let test: TestControl;
  const ends: (() => unknown)[] = [];
  before(async () => {
    test = await startTestControl();
  });
  after(async () => {
    for (const end of ends) await end();
    await test.close();
  });

  const attached = async (sessionId: string, more: object = {}): Promise<Attachment> => {
    const session = await attach({ url: test.url, token: test.admin, sessionId, ...more });
    ends.push(() => session.close());
    return session;
  };
  const client = () => createSessionsClient({ url: test.url, token: test.admin });
  const logOf = async (sessionId: string): Promise<SessionEvent[]> => all(client().events(sessionId));

  it('stores each event once and in order over a connection that loses answers', async () => {
    const proxy = await lossyProxy(test.url);
    ends.push(() => proxy.close());
    const session = await attached('lossy', { url: proxy.url });
    for (let round = 0; round < 8; round += 1) {
      for (let i = 0; i < 25; i += 1) session.emit('skill:progress', { n: round * 25 + i });
      await session.flush();
    }
    assert.ok(proxy.lost() > 1);
    const log = (await logOf('lossy')).filter(({ type }) => type === 'skill:progress');
    assert.deepEqual(
      log.map(({ data }) => data['n']),
      Array.from({ length: 200 }, (_, n) => n),
    );
  });

  it('runs a command’s handler once and shows its evidence; a HALT interrupts what runs', async () => {
    const session = await attached('steered');
    const ran: string[] = [];
    session.onCommand('REDIRECT', async (command, signal) => {
      ran.push(command.command_id);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      throw new Error('interrupted by HALT');
    });
    session.onCommand('HALT', () => ({ children: 0 }), { idempotent: true });
    const command = { type: 'REDIRECT', target_path: '/x', command_id: 'cmd_once' };
    const results = await Promise.all([
      client().command('steered', command),
      client().command('steered', command),
    ]);
    for (const result of results) assert.equal(result.success, true);
    await until('it runs', () => ran.length > 0);
    assert.equal((await client().command('steered', { type: 'HALT' })).success, true);
    await until('it stands still', async () => (await client().get('steered')).status === 'halted');
    const halted = (await logOf('steered')).find(({ type }) => type === 'execution:halted');
    assert.deepEqual(halted?.data['evidence'], { children: 0 });
    await until('the other failed', async () =>
      (await logOf('steered')).some(
        ({ data }) => data['state'] === 'failed' && data['note'] === 'interrupted by HALT',
      ),
    );
    assert.deepEqual(ran, ['cmd_once']);
  });

  it('says what is wrong with a command as a result, and who may not give one as an error', async () => {
    await attached('refusing');
    const refused = await client().command('refusing', { type: 'STOP' });
    assert.equal(refused.success, false);
    const stranger = createSessionsClient({ url: test.url, token: await test.token('sessions:read') });
    await assert.rejects(stranger.command('refusing', { type: 'HALT' }), { status: 403 });
  });

  it('waits for a decision until a person chose, and is told when nobody did', async () => {
    const session = await attached('deciding');
    const asked = session.decide({ question: 'Which?', options: ['A', 'B'], decision_id: 'd1' });
    await until('it waits', async () => (await client().get('deciding')).pending_decisions === 1);
    await client().decide('deciding', 'd1', 'B');
    const { choice, source } = await asked;
    assert.deepEqual([choice, source], ['B', 'operator']);
    const late = await session.decide({
      question: 'And now?',
      options: ['A', 'B'],
      default: 'A',
      on_timeout: 'default',
      timeout_s: 0.2,
    });
    assert.deepEqual([late.choice, late.source], ['A', 'default']);
  });

  it('notes checkpoints after what was emitted before them', async () => {
    const session = await attached('checking');
    session.emit('skill:completed', { skill_name: 'x' });
    const { checkpoint_id, label } = await session.checkpoint({ label: 'after x' });
    assert.equal(label, 'after x');
    const log = await logOf('checking');
    const at = log.findIndex(({ data }) => data['checkpoint_id'] === checkpoint_id);
    assert.ok(at > log.findIndex(({ type }) => type === 'skill:completed'));
  });

  it('ends when another process takes the session over, and says so', async () => {
    const errors: [VigilesError, boolean][] = [];
    const onError = (error: VigilesError, fatal: boolean) => errors.push([error, fatal]);
    const first = await attached('taken', { holder: 'first', onError });
    first.onCommand('HALT', () => ({}));
    await until(
      'it holds it',
      async () => (await test.control.sessions.currentLease('taken'))?.holder === 'first',
    );
    const second = await attached('taken', { holder: 'second', steal: true });
    second.onCommand('HALT', () => ({ by: 'second' }));
    await until('the first is told', () => errors.length > 0);
    assert.deepEqual(
      errors.map(([{ code }, fatal]) => [code, fatal]),
      [['lease_held', true]],
    );
    await client().command('taken', { type: 'HALT' });
    await until('the second halts', async () => (await client().get('taken')).status === 'halted');
  });

  it('watches on over lost connections without gap or duplicate, and stops when it is cut off for good', async () => {
    const session = await attached('watched');
    const { device, token } = await test.control.devices.createDevice({ name: 'viewer', scopes: ['read'] });
    const seen: WatchedEvent[] = [];
    const away: string[] = [];
    const fatal: VigilesError[] = [];
    let joins = 0;
    const way = await cuttable(test.url);
    ends.push(() => way.close());
    const watching = watch({
      url: way.url,
      token,
      sessionId: 'watched',
      lastSeq: 0,
      types: ['skill:*'],
      onEvent: (event) => seen.push(event),
      onJoined: () => (joins += 1),
      onAway: (reason) => away.push(reason),
      onFatal: (error) => fatal.push(error),
    });
    ends.push(() => watching.close());
    for (let round = 0; round < 4; round += 1) {
      session.emit('skill:progress', { round });
      await session.flush();
      await until('it came', () => seen.length === round + 1);
      const before = joins;
      way.cut();
      await until('it is back', () => joins > before);
    }
    assert.deepEqual(
      seen.map(({ data }) => data['round']),
      [0, 1, 2, 3],
    );
    assert.ok(away.length >= 4);
    await test.control.devices.revoke(device.id, 'test');
    await until('it stopped', () => fatal.length === 1);
  });

  it('is refused at once with a token that is not valid, and ends when its token is revoked', async () => {
    const bad = { url: test.url, token: 'vgl_never_was' };
    await assert.rejects(
      attach({ ...bad, sessionId: 'bad' }),
      (thrown: VigilesError) => thrown.status === 401,
    );
    await assert.rejects(
      createSessionsClient(bad).get('bad'),
      (thrown: VigilesError) => thrown.status === 401,
    );
    const refused = Promise.withResolvers<VigilesError>();
    watch({ ...bad, sessionId: 'bad', onEvent: () => undefined, onFatal: refused.resolve });
    assert.equal((await refused.promise).retryable, false);

    const { token, device } = await test.control.devices.createDevice({
      name: 'x',
      scopes: ['sessions:produce'],
    });
    const over = Promise.withResolvers<VigilesError>();
    const session = await attach({
      url: test.url,
      token,
      sessionId: 'revoked',
      onError: (error, fatal) => fatal && over.resolve(error),
    });
    await test.control.devices.revoke(device.id, 'test');
    session.emit('skill:started', {});
    assert.equal((await over.promise).status, 401);
    await session.close();
  });

  it('shows live what is never stored, gives a decision more time, and reads what is wanted of a log', async () => {
    const connection = { url: test.url, token: test.admin };
    const sessions = createSessionsClient(connection);
    const session = await attach({ ...connection, sessionId: 'live' });
    const live: WatchedEvent[] = [];
    const joined = Promise.withResolvers<void>();
    const watching = watch({
      ...connection,
      sessionId: 'live',
      onJoined: () => joined.resolve(),
      onEvent: (event) => event.volatile && live.push(event),
    });
    await joined.promise;
    session.sample('message:delta', { delta: 'Hel' }, 'm1');
    session.sample('message:delta', { delta: 'lo' }, 'm1');
    await until('it is seen', () => live.length > 0);
    assert.equal(live[0]?.data['delta'], 'Hello');
    assert.equal(live[0]?.seq, undefined);
    session.emit('message:assistant', { text: 'Hello' });
    await session.flush();
    const types = (await all(sessions.events('live', 0, ['message:*']))).map(({ type }) => type);
    assert.deepEqual(types, ['message:assistant']);
    const decision = await test.control.sessions.openDecision(
      'live',
      { question: '?', timeout_s: 60 },
      'agent',
    );
    const extended = await sessions.extend('live', decision.decision_id, 120);
    assert.equal(extended.expires_at, (decision.expires_at ?? 0) + 120_000);
    await assert.rejects(sessions.extend('live', 'nothing'), (thrown: VigilesError) => thrown.status === 404);
    watching.close();
    await session.close();
  });
});
