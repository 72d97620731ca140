import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Session, SessionEvent } from '@vigiles/contract';
import {
  command,
  frames,
  once,
  say,
  seqsOf,
  socketClients,
  subscribe,
  type Sent,
} from '../testing/socket-clients.ts';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

describe('following a session', () => {
  let test: TestControl;
  let clients: ReturnType<typeof socketClients>;
  before(async () => {
    test = await startTestControl();
    clients = socketClients(test);
  });
  after(async () => {
    clients.close();
    await test.close();
  });
  const connected = (token?: string, more?: object) => clients.connected(token, more);
  const newSession = (tenant?: string) => clients.newSession(tenant);

  it('resumes without gap or duplicate: after nothing, after drops, and while events are appended', async () => {
    const session_id = await newSession();
    const producer = await connected();
    const seen: number[] = [];
    let last = (await subscribe(producer, { session_id })).head_seq;
    const start = last;
    const saying = { done: false };
    const said = (async () => {
      for (let i = 0; i < 150; i += 1) await say(producer, session_id, 'skill:progress', { i });
      saying.done = true;
    })();
    for (let round = 0; round < 10 || !saying.done; round += 1) {
      const socket = await connected();
      socket.onAny((name: string, { seq }: Sent) => {
        if (name === 'skill:progress') seen.push((last = seq));
      });
      const joined = await subscribe(socket, { session_id, last_seq: last });
      assert.equal(joined.reset, false);
      // Every other time it is gone at once: nothing was received, and nothing is lost by it.
      if (round % 2 === 0) await until('something came', () => last >= joined.head_seq);
      socket.disconnect();
    }
    await said;
    const socket = await connected();
    socket.onAny((name: string, { seq }: Sent) => {
      if (name === 'skill:progress') seen.push(seq);
    });
    const { head_seq } = await subscribe(socket, { session_id, last_seq: last });
    await until('all came', () => seen.at(-1) === head_seq);
    assert.deepEqual(
      seen,
      Array.from({ length: head_seq - start }, (_, i) => start + 1 + i),
    );
  });

  it('gives ten stale clients only what is new to them', async () => {
    const session_id = await newSession();
    const producer = await connected();
    for (let i = 0; i < 20; i += 1) await say(producer, session_id, 'skill:progress', { i });
    for (let round = 0; round < 10; round += 1) {
      const socket = await connected();
      const heard = frames(socket);
      const { head_seq } = await subscribe(socket, { session_id, last_seq: 15 + (round % 5) });
      await until('the last came', () => seqsOf(heard).at(-1) === head_seq);
      assert.equal(seqsOf(heard)[0], 16 + (round % 5));
      socket.disconnect();
    }
  });

  it('gives a client that is far behind the session as it stands and its last events, or all when it asks', async () => {
    const session_id = await newSession();
    for (let i = 0; i < 6; i += 1) {
      const events = Array.from({ length: 400 }, (_, n) => ({ type: 'skill:progress', data: { n } }));
      await test.control.sessions.append(session_id, events, { actor: 'test', producer: 'test' });
    }
    const socket = await connected();
    const heard = frames(socket);
    const state = once<{ session: Session; tail_from: number }>(socket, 'session:state');
    const joined = await subscribe(socket, { session_id, last_seq: 1 });
    assert.equal(joined.tail_from, joined.head_seq - 2000);
    assert.equal((await state).session.session_id, session_id);
    await until('the tail came', () => seqsOf(heard).at(-1) === joined.head_seq);
    assert.equal(seqsOf(heard).length, 2000);

    const full = await connected();
    const all = frames(full);
    assert.equal((await subscribe(full, { session_id, last_seq: 1, full: true })).tail_from, null);
    await until('all came', () => seqsOf(all).at(-1) === joined.head_seq);
    assert.equal(seqsOf(all).length, joined.head_seq - 1);
  });

  it('gives each client every event in order, one by one or together as it asks, over WebSocket and polling', async () => {
    const session_id = await newSession();
    const producer = await connected();
    const append = (count: number) =>
      test.control.sessions.append(
        session_id,
        Array.from({ length: count }, (_, n) => ({ type: 'skill:progress', data: { n, text: 'ä€😀' } })),
        { actor: 'test', producer: 'test' },
      );
    await append(300);
    const single = await connected();
    const polling = await connected(undefined, { transports: ['polling'] });
    const together = await connected();
    const one = frames(single);
    const slow = frames(polling);
    const many = frames(together);
    const batches: SessionEvent[][] = [];
    together.on('session:events', (batch: { session_id: string; events: SessionEvent[] }) => {
      assert.equal(batch.session_id, session_id);
      batches.push(batch.events);
    });
    const wish = { session_id, last_seq: 0, full: true };
    await Promise.all([subscribe(single, wish), subscribe(polling, wish)]);
    await subscribe(together, { ...wish, frames: 'batch' });
    await append(200);
    for (let i = 0; i < 20; i += 1) producer.emit('cli_event', { session_id, event_type: 'agent:progress' });
    const { head_seq } = await say(producer, session_id, 'skill:completed').then(() =>
      subscribe(producer, { session_id }),
    );
    const all = Array.from({ length: head_seq }, (_, i) => i + 1);
    const seen = () => batches.flat().map(({ seq }) => seq);
    await until('the last came to all', () =>
      [seqsOf(one), seqsOf(slow), seen()].every((seqs) => seqs.at(-1) === head_seq),
    );
    for (const seqs of [seqsOf(one), seqsOf(slow), seen()]) assert.deepEqual(seqs, all);
    assert.deepEqual(seqsOf(many), []);
    assert.ok(batches.length < 100, `${batches.length} messages`);
    const { events } = (
      await test.call<{ events: SessionEvent[] }>('GET', `/api/v1/sessions/${session_id}/events?limit=5`)
    ).body;
    assert.deepEqual(batches.flat().slice(0, 5), events);
  });

  it('filters by type and topic, live and in what is replayed', async () => {
    const session_id = await newSession();
    const producer = await connected();
    const types = ['skill:started', 'file:modified', 'decision:made', 'skill:completed', 'agent:spawned'];
    const round = async () => {
      for (const type of types) await say(producer, session_id, type, { path: 'x', skill_name: 'x' });
    };
    await round();
    let last = 1;
    for (let reconnect = 0; reconnect < 2; reconnect += 1) {
      const socket = await connected();
      const heard = frames(socket);
      await subscribe(socket, { session_id, last_seq: last, event_types: ['skill:*', 'file:modified'] });
      await round();
      await until(
        'the last came',
        () => heard.filter(([name]) => name === 'skill:completed').length === 2 - reconnect,
      );
      const names = heard.map(([name]) => name);
      const wanted = ['skill:started', 'file:modified', 'skill:completed'];
      assert.deepEqual(names, reconnect === 0 ? [...wanted, ...wanted] : wanted);
      last = seqsOf(heard).at(-1) ?? 0;
      socket.disconnect();
    }
  });

  it('applies a command once that was sent while away and sent again', async () => {
    const session_id = await newSession();
    const socket = await connected(test.admin, { reconnection: true });
    const watcher = await connected();
    await subscribe(watcher, { session_id });
    const heard = frames(watcher);
    socket.io.engine.close();
    const command_id = 'cmd_offline';
    const message = { type: 'REDIRECT', session_id, target_path: '/x', command_id };
    // The client library keeps what is sent while it is away; a careful client sends it again.
    const results = await Promise.all([command(socket, message), command(socket, message)]);
    const third = await command(watcher, message);
    for (const result of [...results, third]) assert.equal(result.command_id, command_id);
    await until('it was queued', () => heard.some(([name]) => name === 'execution:redirect'));
    assert.equal(heard.filter(([name]) => name === 'execution:redirect').length, 1);
    socket.disconnect();
  });

  it('shows a device of another tenant nothing, and lets it do nothing, verb by verb', async () => {
    const all = ['sessions:read', 'sessions:command', 'sessions:produce'] as const;
    const [ours, theirs, house] = await Promise.all([
      clients.device('a', ...all),
      clients.device('b', ...all),
      clients.device('main', 'read', 'operate'),
    ]);
    const session_id = await newSession('a');
    const [inside, outside, idle] = await Promise.all([
      connected(ours),
      connected(theirs, { query: { session_id } }),
      connected(house),
    ]);
    const heard = { outside: frames(outside), idle: frames(idle) };
    await idle.emitWithAck('subscribe', {});
    const joined = await subscribe(outside, { session_id, last_seq: 0 });
    assert.equal(joined.session, null);
    assert.equal(joined.head_seq, 0);
    for (const type of ['HALT', 'RESUME', 'ROLLBACK', 'REDIRECT', 'DECISION', 'INJECT']) {
      const more = { target_skill: 'x', decision_id: 'd', choice: 'A', skill_name: 'x' };
      const refused = await command(outside, { type, session_id, ...more });
      assert.equal(refused.success, false, type);
      assert.equal(refused.error, `Session not found: ${session_id}`);
    }
    const said = await say(outside, session_id, 'skill:started', { forged: true });
    assert.equal(said.success, false);
    await say(inside, session_id, 'decision:point', { decision_id: 'd', question: '?', options: ['A', 'B'] });
    assert.equal((await command(inside, { type: 'HALT', session_id })).success, true);
    await test.appendAlerts(1, 'marker');
    await until('the marker came', () => heard.idle.some(([name]) => name === 'alert:raised'));
    const foreign = [...heard.outside, ...heard.idle].filter(([, frame]) =>
      JSON.stringify(frame).includes(session_id),
    );
    assert.deepEqual(foreign, []);
  });

  it('lets a device that may only look do nothing, and one that only produces see nothing else', async () => {
    const [looks, produces] = await Promise.all([
      clients.device('main', 'sessions:read'),
      clients.device('main', 'sessions:produce'),
    ]);
    const session_id = await newSession();
    const viewer = await connected(looks);
    assert.equal((await subscribe(viewer, { session_id })).session?.session_id, session_id);
    assert.equal((await command(viewer, { type: 'HALT', session_id })).code, 'scope_missing');
    assert.equal((await say(viewer, session_id, 'skill:started')).code, 'scope_missing');
    assert.equal((await viewer.emitWithAck('subscribe', {})).code, 'scope_missing');
    const producer = await connected(produces);
    assert.equal((await subscribe(producer, { session_id })).session, null);
    assert.equal((await say(producer, 'its_own', 'skill:started')).success, true);
    assert.equal((await subscribe(producer, { session_id: 'its_own' })).session?.session_id, 'its_own');
  });

  it('follows over Server-Sent Events and resumes from Last-Event-ID; a foreign session is 404 before the stream', async () => {
    const session_id = await newSession();
    const events = Array.from({ length: 1200 }, (_, n) => ({ type: 'skill:progress', data: { n } }));
    for (const half of [events.slice(0, 600), events.slice(600)])
      await test.control.sessions.append(session_id, half, { actor: 'test', producer: 'test' });
    const path = `${test.url}/api/v1/sessions/${session_id}/events`;
    const open = (token: string, lastEventId: number, signal: AbortSignal | null = null) =>
      fetch(`${path}?types=skill:*`, {
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'text/event-stream',
          'last-event-id': `${lastEventId}`,
        },
        signal,
      });
    assert.equal((await open(await clients.device('b', 'sessions:read'), 0)).status, 404);
    const stop = new AbortController();
    const response = await open(test.admin, 11, stop.signal);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    let text = '';
    const read = (async () => {
      for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
    })().catch(() => undefined);
    const ids = () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    await until('the replay is over', () => ids().length === 1190);
    const producer = await connected();
    const { seq } = await say(producer, session_id, 'skill:completed', {});
    await until('the live one came', () => ids().at(-1) === seq);
    assert.deepEqual(
      ids(),
      Array.from({ length: 1191 }, (_, i) => 12 + i),
    );
    assert.match(text, /^event: subscribed$/m);
    stop.abort();
    await read;
  });

  it('follows over a plain WebSocket', async () => {
    const session_id = await newSession();
    const ws = new WebSocket(`${test.url.replace('http', 'ws')}/ws`);
    const heard: { type: string; event?: { type: string } }[] = [];
    ws.addEventListener('message', ({ data }) => heard.push(JSON.parse(String(data)) as { type: string }));
    ws.addEventListener('open', () => {
      ws.send(JSON.stringify({ type: 'auth', token: test.admin }));
      ws.send(JSON.stringify({ type: 'subscribe', session_id, last_seq: 0 }));
    });
    await until('the first event came', () => heard.some(({ event }) => event?.type === 'session:created'));
    assert.ok(heard.some(({ type }) => type === 'subscribed'));
    ws.close();
  });

  it('says that a session was deleted, and follows one that is made anew under its name', async () => {
    const session_id = await newSession();
    const watcher = await connected();
    await subscribe(watcher, { session_id });
    const gone = once<Sent>(watcher, 'session:deleted');
    await test.control.sessions.remove(session_id, 'test');
    assert.equal((await gone).session_id, session_id);
    const heard = frames(watcher);
    await test.control.sessions.create({ session_id }, { actor: 'test', deviceId: 'test', tenant: 'main' });
    await until('it is followed again', () => seqsOf(heard).includes(1));
  });

  it('counts who is connected and who follows', async () => {
    const session_id = await newSession();
    const watcher = await connected();
    await subscribe(watcher, { session_id });
    const watchers = async () => (await test.control.sessions.get(session_id))?.watchers;
    assert.equal(await watchers(), 1);
    watcher.disconnect();
    await until('it has left', async () => (await watchers()) === 0);
  });
});
