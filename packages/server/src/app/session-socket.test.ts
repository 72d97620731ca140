import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import type { CommandResult, Session } from '@vigiles/contract';
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

describe('the seed’s Socket.IO contract', () => {
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

  it('greets with the six commands, and gives a known session’s state to who names it', async () => {
    const session_id = await newSession();
    for (const more of [{ query: { session_id } }, { auth: { token: test.admin, session_id } }]) {
      const socket = clients.client(test.admin, more);
      if ('query' in more) socket.auth = { token: test.admin };
      const greeting = once<Record<string, unknown>>(socket, 'connected');
      const state = once<{ session: Session; timestamp: string }>(socket, 'session:state');
      const { capabilities, ...rest } = await greeting;
      assert.deepEqual((capabilities as string[]).slice(0, 6), [
        'HALT',
        'RESUME',
        'ROLLBACK',
        'REDIRECT',
        'DECISION',
        'INJECT',
      ]);
      assert.equal(rest['session_id'], session_id);
      assert.match(String(rest['timestamp']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(typeof rest['server_version'], 'string');
      assert.equal((await state).session.session_id, session_id);
      assert.deepEqual((await state).session.skills, ['a']);
    }
  });

  it('stores what an orchestrator says first, then gives it to those in the session’s room, in one object', async () => {
    const session_id = await newSession();
    const [producer, watcher] = await Promise.all([connected(), connected()]);
    await subscribe(watcher, { session_id });
    const all: unknown[][] = [];
    watcher.onAny((...given: unknown[]) => all.push(given));
    const heard = once<Sent>(watcher, 'skill:started');
    const stored = await say(producer, session_id, 'skill:started', { skill_name: 'x' });
    assert.equal(stored.success, true);
    const event = await heard;
    assert.deepEqual(event.data, { skill_name: 'x' });
    assert.equal(event.session_id, session_id);
    assert.equal(event.seq, stored.seq);
    assert.match(event.timestamp, /Z$/);
    const page = await test.control.sessions.read(session_id, { afterSeq: 0, limit: 500 });
    assert.ok(page.events.some(({ type }) => type === 'skill:started'));
    for (const given of all) assert.equal(given.length, 2, `${String(given[0])} has one argument`);
  });

  it('makes the session of an orchestrator that asked for none, and follows it for who waited', async () => {
    const [producer, watcher] = await Promise.all([connected(), connected()]);
    const joined = await subscribe(watcher, { session_id: 'made_by_event' });
    assert.equal(joined.session, null);
    const heard = frames(watcher);
    await say(producer, 'made_by_event', 'skill:started', { skill_name: 'x' });
    await until('it is heard', () => heard.some(([name]) => name === 'skill:started'));
    assert.deepEqual(seqsOf(heard), [1, 2]);
  });

  it('stores what comes in one turn in its order, and refuses of it only what cannot be taken', async () => {
    const session_id = await newSession();
    const producer = await connected();
    const types = ['skill:started', 'command:update', 'skill:progress', 'skill:completed'];
    const answers = await Promise.all(types.map((type) => say(producer, session_id, type)));
    assert.deepEqual(
      answers.map(({ success, code }) => (success ? 'stored' : code)),
      ['stored', 'reserved_type', 'stored', 'stored'],
    );
    const { events } = await test.control.sessions.read(session_id, { afterSeq: 1, limit: 10 });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['skill:started', 'skill:progress', 'skill:completed'],
    );
  });

  it('keeps the order of a producer that asks something impossible in between, and refuses nothing else', async () => {
    const session_id = await newSession();
    const producer = await connected();
    const impossible = { question: 'x?', options: [{ id: 'a' }, { id: 'a' }] };
    // Without waiting: the server is busy with the first ones while the others come.
    const said = await Promise.all(
      Array.from({ length: 400 }, (_, at) =>
        at % 50 === 20
          ? say(producer, session_id, 'decision:point', impossible)
          : say(producer, session_id, at % 50 === 30 ? 'command:update' : 'skill:progress', { at }),
      ),
    );
    const count = (code: string) => said.filter((one) => one.code === code).length;
    assert.deepEqual([count('invalid_decision'), count('reserved_type')], [8, 8]);
    assert.equal(said.filter(({ success }) => success).length, 384);
    const { events } = await test.control.sessions.read(session_id, { afterSeq: 1, limit: 500 });
    const places = events.map(({ data }) => Number(data['at']));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
    assert.equal(places.length, 384);
  });

  it('takes no event that only the server says, and none without a name', async () => {
    const session_id = await newSession();
    const producer = await connected();
    for (const event_type of [
      'command:update',
      'session:deleted',
      'connect',
      'connected',
      '',
      'a b:c',
      'X:y',
    ]) {
      const refused = await say(producer, session_id, event_type);
      assert.equal(refused.success, false, event_type);
      assert.match(refused.error ?? '', /type/);
    }
    assert.equal((await producer.emitWithAck('cli_event', 7)).success, false);
  });

  it('answers commands with the seed’s words, whatever the case of their type', async () => {
    const session_id = await newSession();
    const socket = await connected(test.admin, { query: { session_id } });
    const result = async (message: unknown): Promise<CommandResult> => {
      const told = once<CommandResult>(socket, 'command:result');
      socket.emit('command', message);
      return told;
    };
    const failure = async (message: unknown, error: string) => {
      const { success, error: said, timestamp } = await result(message);
      assert.equal(success, false);
      assert.equal(said, error);
      assert.match(timestamp, /Z$/);
    };
    await failure({}, 'Command type is required');
    await failure(undefined, 'Command type is required');
    await failure({ type: 'STOP' }, 'Unknown command type: STOP');
    await failure({ type: 'ROLLBACK' }, 'session_id is required for rollback');
    await failure({ type: 'REDIRECT' }, 'target_skill or target_path is required');
    await failure({ type: 'DECISION', decision_id: 'd' }, 'decision_id and choice are required');
    await failure({ type: 'INJECT' }, 'skill_name is required');
    const halted = await result({ type: 'halt', reason: 'User requested pause' });
    assert.equal(halted.success, true);
    assert.equal(halted.message, 'Execution halted successfully');
    assert.equal(halted.command_type, 'HALT');
    assert.equal(halted.state, 'queued');
    assert.equal(typeof halted.command_id, 'string');
    const back = await result({ type: 'ROLLBACK', session_id, steps: 2 });
    assert.equal(back.message, 'Rollback 2 steps initiated');
    assert.equal(back['steps'], 2);
  });

  it('refuses over HTTP with the same words', async () => {
    const path = `/api/v1/sessions/${await newSession()}/commands`;
    for (const [message, error] of [
      [{}, 'Command type is required'],
      [{ type: 'STOP' }, 'Unknown command type: STOP'],
      [{ type: 'REDIRECT' }, 'target_skill or target_path is required'],
      [{ type: 'inject' }, 'skill_name is required'],
    ] as const) {
      const refused = await test.call<{ error: string }>('POST', path, { body: message });
      assert.deepEqual([refused.status, refused.body.error], [400, error]);
    }
  });

  it('leaves the former session’s room when another is subscribed to', async () => {
    const [a, b] = [await newSession(), await newSession()];
    const [producer, watcher] = await Promise.all([
      connected(),
      connected(test.admin, { query: { session_id: a } }),
    ]);
    await subscribe(watcher, { session_id: b });
    const heard = frames(watcher);
    await say(producer, a, 'skill:started', { skill_name: 'of a' });
    await say(producer, b, 'skill:started', { skill_name: 'of b' });
    await until('b is heard', () => heard.length > 0);
    assert.deepEqual(
      heard.map(([, { data }]) => data['skill_name']),
      ['of b'],
    );
  });

  it('halts one session and no other', async () => {
    const [a, b] = [await newSession(), await newSession()];
    const [watchA, watchB] = await Promise.all([connected(), connected()]);
    await subscribe(watchA, { session_id: a });
    await subscribe(watchB, { session_id: b });
    const heard = { a: frames(watchA), b: frames(watchB) };
    assert.equal((await command(watchA, { type: 'HALT' })).success, true);
    await until('a hears that it is being halted', () =>
      heard.a.some(([name]) => name === 'execution:halting'),
    );
    await say(watchB, b, 'skill:started');
    await until('b goes on', () => heard.b.length > 0);
    assert.deepEqual(
      heard.b.map(([name]) => name),
      ['skill:started'],
    );
    assert.ok(
      !heard.a.some(([name]) => name === 'execution:halted'),
      'nobody has shown that it stands still',
    );
  });

  it('tells whoever gave a command how it goes on, also who follows another session', async () => {
    const session_id = await newSession();
    const other = await newSession();
    const [operator, agent] = await Promise.all([connected(), connected()]);
    await subscribe(operator, { session_id: other });
    await subscribe(agent, { session_id });
    const updates: Sent[] = [];
    operator.on('command:update', (event: Sent) => updates.push(event));
    const given = await command(operator, { type: 'HALT', session_id });
    await say(agent, session_id, 'execution:halted', { reason: 'stopped', pid: 7 });
    await until('it is applied', () => updates.some(({ data }) => data['state'] === 'applied'));
    for (const update of updates) {
      assert.equal(update['command_id'], given.command_id);
      assert.equal(update.session_id, session_id);
      assert.equal(update['state'], update.data['state']);
    }
  });

  it('tells pending decisions on every join, and takes an answer once', async () => {
    const session_id = await newSession();
    const [agent, one, two] = await Promise.all([connected(), connected(), connected()]);
    await say(agent, session_id, 'decision:point', {
      decision_id: 'decision_001',
      question: 'Which approach?',
      options: ['A', 'B', 'C'],
      default: 'A',
    });
    const joined = await subscribe(one, { session_id });
    assert.deepEqual(
      joined.pending_decisions.map(({ decision_id }) => decision_id),
      ['decision_001'],
    );
    const made = once<Sent>(one, 'decision:made');
    const decide = (socket: Socket, choice: string) =>
      command(socket, { type: 'DECISION', session_id, decision_id: 'decision_001', choice });
    assert.equal((await decide(two, 'D')).success, false);
    assert.equal((await decide(two, 'B')).message, 'Decision recorded');
    assert.equal((await made)['choice'], 'B');
    assert.equal((await decide(one, 'B')).success, true);
    const lost = await decide(one, 'A');
    assert.equal(lost.success, false);
    assert.match(lost.error ?? '', /already made/);
    assert.deepEqual((await subscribe(two, { session_id })).pending_decisions, []);
  });

  it('takes a token in the URL from this machine, as unchanged snippets need it', async () => {
    const session_id = await newSession();
    const socket = io(`${test.url}/?token=${test.admin}&session_id=${session_id}`, {
      forceNew: true,
      reconnection: false,
    });
    clients.keep(socket);
    assert.equal((await once<{ session: Session }>(socket, 'session:state')).session.session_id, session_id);
  });
});
