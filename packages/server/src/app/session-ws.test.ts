import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startTestControl, until, type TestControl } from '../testing/test-control.ts';

type Said = Record<string, unknown> & { type: string };

describe('sessions over a plain WebSocket', () => {
  let rig: TestControl;
  const sockets: WebSocket[] = [];
  before(async () => {
    rig = await startTestControl();
  });
  after(async () => {
    for (const socket of sockets) socket.terminate();
    await rig.close();
  });

  async function client(token = rig.admin) {
    const socket = new WebSocket(`${rig.url.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Bearer ${token}` },
    });
    sockets.push(socket);
    const heard: Said[] = [];
    socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Said));
    await once(socket, 'open');
    return {
      heard,
      say: (message: object) => socket.send(JSON.stringify(message)),
      async first(what: (said: Said) => boolean): Promise<Said> {
        await until('it is said', () => heard.some(what));
        return heard.find(what) as Said;
      },
    };
  }
  const newSession = async (session_id: string) => {
    await rig.call('POST', '/api/v1/sessions', { body: { session_id } });
    return session_id;
  };

  it('takes commands, with what came of them under the id of the message', async () => {
    const session_id = await newSession('ws-commands');
    const { say, first } = await client();
    say({ type: 'subscribe', id: 'sub', session_id, last_seq: 0 });
    assert.equal((await first(({ type }) => type === 'subscribed'))['id'], 'sub');
    say({ type: 'command', id: 1, payload: { type: 'halt', session_id, reason: 'lunch' } });
    const result = await first(({ type, id }) => type === 'command:result' && id === 1);
    assert.deepEqual(
      [result['success'], result['message'], result['command_type'], result['state']],
      [true, 'Execution halted successfully', 'HALT', 'queued'],
    );
    await first(({ event }) => (event as Said | undefined)?.type === 'execution:halting');
    // Flat, and about the session that is followed.
    say({ type: 'command', command_type: 'RESUME' });
    const resumed = await first(({ type, command_type: of }) => type === 'command:result' && of === 'RESUME');
    assert.equal(resumed['success'], true);
    assert.ok(!('id' in resumed));
    say({ type: 'command', id: 2, payload: {} });
    const wrong = await first(({ type, id }) => type === 'command:result' && id === 2);
    assert.equal(wrong['error'], 'Command type is required');
    say({ type: 'other', id: 3 });
    const unknown = await first(({ code }) => code === 'unknown_type');
    assert.equal(unknown['error'], 'Unknown message type: other');
  });

  it('stores a producer’s events, and passes on live what it does not want stored', async () => {
    const session_id = await newSession('ws-produces');
    const [producer, watcher] = await Promise.all([client(), client()]);
    watcher.say({ type: 'subscribe', session_id });
    await watcher.first(({ type }) => type === 'subscribed');
    producer.say({
      type: 'cli_event',
      id: 'e1',
      session_id,
      event_type: 'skill:started',
      data: { skill_name: 'x' },
    });
    const stored = await producer.first(({ type, id }) => type === 'ack' && id === 'e1');
    assert.deepEqual([stored['success'], stored['seq']], [true, 2]);
    const delta = (text: string) => ({
      type: 'cli_event',
      session_id,
      event_type: 'message:delta',
      data: { delta: text },
      volatile: true,
      key: 'm1',
    });
    producer.say(delta('Hel'));
    producer.say(delta('lo'));
    await until('all of it is heard', () => {
      const parts = watcher.heard.filter(({ type }) => type === 'session_volatile');
      const words = parts.map(({ event }) => (event as { data: { delta: string } }).data.delta);
      return words.join('') === 'Hello';
    });
    producer.say({ ...delta('x'), id: 'r', event_type: 'session:phase' });
    const refused = await producer.first(({ type, id }) => type === 'error' && id === 'r');
    assert.equal(refused['code'], 'reserved_type');
    const page = await rig.control.sessions.read(session_id, { afterSeq: 0, limit: 100 });
    assert.deepEqual(
      page.events.map(({ type }) => type),
      ['session:created', 'skill:started'],
    );
  });

  it('gives a decision more time, with the same refusals as over HTTP', async () => {
    const session_id = await newSession('ws-extends');
    const { decision_id, expires_at } = await rig.control.sessions.openDecision(
      session_id,
      { question: '?', timeout_s: 60 },
      'agent',
    );
    const { say, first } = await client();
    say({ type: 'extend_decision', id: 'x', session_id, decision_id, seconds: 30 });
    const result = await first(({ type, id }) => type === 'extend_decision:result' && id === 'x');
    const { decision } = result as unknown as { decision: { expires_at: number } };
    assert.equal(decision.expires_at, (expires_at ?? 0) + 30_000);
    say({ type: 'extend_decision', id: 'y', session_id, decision_id: 'nothing' });
    assert.equal((await first(({ id }) => id === 'y'))['code'], 'decision_not_found');
    const reader = await client(await rig.token('read'));
    reader.say({ type: 'extend_decision', id: 'z', session_id, decision_id });
    assert.equal((await reader.first(({ id }) => id === 'z'))['code'], 'scope_missing');
    const path = `/api/v1/sessions/${session_id}/decisions/${decision_id}/extend`;
    assert.equal((await rig.call('POST', path)).status, 200, 'a minute where nothing is said');
    assert.equal((await rig.call('POST', path, { body: { seconds: 0 } })).status, 400);
  });

  it('filters a stream of events by type, also what it resumes from', async () => {
    const session_id = await newSession('sse-types');
    const by = { actor: 'device:x', producer: 'x' };
    const events = ['skill:started', 'message:user', 'skill:completed', 'message:assistant'];
    await rig.control.sessions.append(
      session_id,
      events.map((type) => ({ type })),
      by,
    );
    const ended = new AbortController();
    const response = await fetch(
      `${rig.url}/api/v1/sessions/${session_id}/events?after_seq=1&types=message:*`,
      {
        headers: { authorization: `Bearer ${rig.admin}`, accept: 'text/event-stream' },
        signal: ended.signal,
      },
    );
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await until('the replay', () => text.includes('message:assistant'));
    await rig.control.sessions.append(session_id, [{ type: 'skill:failed' }, { type: 'message:user' }], by);
    await until('the live one', () => text.split('"message:user"').length === 3);
    assert.ok(!text.includes('"skill:'));
    ended.abort();
    await reading;
  });
});
