import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Identity } from '@vigiles/contract';
import OpenAI from 'openai';
import { ResponsesWS } from 'openai/resources/responses/ws';
import { WebSocket } from 'ws';
import { startTestGateway, until, type TestGateway } from '../../../testing/test-gateway.ts';
import { chatStream } from '../../../testing/upstreams/chat-answers.ts';
import { brokenRule } from '../../../testing/upstreams/provider-rules.ts';
import { responsesStream } from '../../../testing/upstreams/responses-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type Script,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- events of many shapes; tests assert on them
type Event = any;

let count = 0;
const answering: Script = (seen, res) => {
  const broken = brokenRule(seen);
  if (broken !== null) return answerJson(res, 400, { error: { message: broken } });
  const words = ['answer ', String(++count)];
  return streamPieces(
    res,
    seen.path.endsWith('/chat/completions') ? chatStream(words) : responsesStream(words),
  );
};

let upstream: ScriptedUpstream;
let gw: TestGateway;
const open: WebSocket[] = [];

before(async () => {
  upstream = await startScriptedUpstream(answering);
  gw = await startTestGateway({
    responses_websocket: true,
    max_body_mb: 1,
    retry_wait_max_s: 0,
    concurrent_turns: 4,
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'sk-o' },
    ],
  });
});

after(async () => {
  for (const socket of open) socket.terminate();
  await gw.close();
  await upstream.close();
});

beforeEach(async () => {
  for (const socket of open) socket.terminate();
  open.length = 0;
  await until(() => gw.gateway.snapshot().active === 0, 'turns to end');
  upstream.script(answering);
  upstream.requests.length = 0;
  count = 0;
});

interface Connection {
  socket: WebSocket;
  events: Event[];
  send(message: object): void;
  /** Sends and waits for the event that ends the turn. */
  turn(message: object): Promise<Event>;
}

async function connect(
  token = 'tok-agent',
  headers: Record<string, string> = {},
  perMessageDeflate = true,
): Promise<Connection> {
  const socket = new WebSocket(gw.url.replace('http', 'ws') + '/v1/responses', {
    headers: { authorization: `Bearer ${token}`, ...headers },
    perMessageDeflate,
  });
  open.push(socket);
  const events: Event[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    assert.equal(isBinary, false, 'text frames');
    events.push(JSON.parse(data.toString()));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_req, res) => reject(new Error(`status ${res.statusCode}`)));
    socket.once('error', reject);
  });
  const send = (message: object): void =>
    socket.send(JSON.stringify({ type: 'response.create', ...message }));
  const over = (): Event =>
    events.find(({ type }) => /^(error|response\.(completed|failed|incomplete))$/.test(type));
  return {
    socket,
    events,
    send,
    async turn(message) {
      events.length = 0;
      send(message);
      await until(() => over() !== undefined, 'the end of the turn');
      return over();
    },
  };
}

const user = (text: string): object[] => [{ type: 'message', role: 'user', content: text }];
function sentInput(at: number): number {
  const json = upstream.requests[at]?.json ?? {};
  return ((json['messages'] ?? json['input'] ?? []) as unknown[]).length;
}

test('turns go over one connection, each with only what is new, although nothing is stored', async () => {
  const { socket, turn, events } = await connect();
  assert.match(socket.extensions, /permessage-deflate/);
  const first = await turn({ model: 'chat/m', store: false, input: user('one') });
  assert.equal(first.type, 'response.completed');
  assert.equal(events[0].type, 'response.created');
  const second = await turn({
    model: 'chat/m',
    store: false,
    input: user('two'),
    previous_response_id: first.response.id,
  });
  assert.equal(second.response.output[0].content[0].text, 'answer 2');
  const third = await turn({
    model: 'chat/m',
    store: false,
    input: user('three'),
    previous_response_id: second.response.id,
  });
  assert.equal(third.type, 'response.completed');
  assert.equal(sentInput(2), 5);
  const rows = await gw.settled(3);
  assert.ok(rows.every(({ outcome, device_id }) => outcome === 'ok' && device_id === 'agent'));
});

test('a provider of the same protocol gets the history and none of the connection’s own fields', async () => {
  const { turn } = await connect();
  const first = await turn({ model: 'oai/gpt-5', store: false, input: user('one') });
  await turn({
    model: 'oai/gpt-5',
    store: false,
    input: user('two'),
    previous_response_id: first.response.id,
  });
  const body = upstream.requests[1]?.json;
  assert.equal(sentInput(1), 3);
  assert.equal(body?.['stream'], true);
  for (const field of ['type', 'generate', 'previous_response_id'])
    assert.equal(field in (body ?? {}), false, field);
  const names = Object.keys(upstream.requests[1]?.headers ?? {});
  assert.equal(
    names.some((name) => name.startsWith('sec-websocket')),
    false,
  );
});

test('a warm-up costs nothing and is followed up', async () => {
  const { turn } = await connect();
  const warm = await turn({ model: 'chat/m', store: false, generate: false, input: user('one') });
  assert.equal(warm.type, 'response.completed');
  assert.equal(upstream.requests.length, 0);
  const next = await turn({
    model: 'chat/m',
    store: false,
    input: [],
    previous_response_id: warm.response.id,
  });
  assert.equal(next.type, 'response.completed');
  assert.equal(sentInput(0), 1);
});

test('a compaction over the connection is one item, and goes on from there', async () => {
  const { turn, events } = await connect();
  const first = await turn({ model: 'chat/m', store: false, input: user('one') });
  const made = await turn({
    model: 'chat/m',
    store: false,
    input: [{ type: 'compaction_trigger' }],
    previous_response_id: first.response.id,
  });
  assert.equal(made.type, 'response.completed', JSON.stringify(made));
  assert.deepEqual(
    events.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item.type),
    ['compaction'],
  );
  await turn({ model: 'chat/m', store: false, input: user('two'), previous_response_id: made.response.id });
  assert.equal(sentInput(2), 2, 'the summary and the new message');
});

test('what one connection keeps, another does not see, and it is gone with the connection', async () => {
  const one = await connect();
  const first = await one.turn({ model: 'chat/m', store: false, input: user('one') });
  const ask = { model: 'chat/m', store: false, input: user('two'), previous_response_id: first.response.id };
  const other = await connect();
  const refused = await other.turn(ask);
  assert.equal(refused.type, 'error');
  assert.equal(refused.status, 404);
  assert.equal(refused.error.code, 'previous_response_not_found');
  assert.equal((await one.turn(ask)).type, 'response.completed');
});

test('an error has its status and headers, and the connection goes on', async () => {
  const { turn } = await connect();
  upstream.script((_seen, res) =>
    answerJson(res, 429, { error: { message: 'slow' } }, { 'retry-after': '7' }),
  );
  const refused = await turn({ model: 'chat/busy', store: false, input: user('one') });
  assert.equal(refused.type, 'error');
  assert.equal(refused.status, 429);
  assert.equal(refused.headers['retry-after'], '7');
  assert.match(refused.error.message, /slow/);
  upstream.script(answering);
  assert.equal(
    (await turn({ model: 'chat/m', store: false, input: user('two') })).type,
    'response.completed',
  );
});

test('every turn is admitted by itself: limits hold inside a connection', async () => {
  const small = await startTestGateway({
    responses_websocket: true,
    requests_per_minute: 1,
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
  });
  const outer = gw;
  gw = small;
  const { turn } = await connect();
  gw = outer;
  assert.equal(
    (await turn({ model: 'chat/m', store: false, input: user('one') })).type,
    'response.completed',
  );
  const refused = await turn({ model: 'chat/m', store: false, input: user('two') });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.match(refused.headers['x-vigiles-turn'], /^trn_/);
  await small.close();
});

test('a token that was revoked ends its connection with its next turn', async () => {
  const identity: Identity = { kind: 'device', deviceId: 'd', name: 'd', scopes: ['gateway'] };
  let valid = true;
  const outer = gw;
  const other = await startTestGateway(
    {
      responses_websocket: true,
      providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
    },
    { door: { peek: () => null, authenticate: async () => (valid ? identity : null) } },
  );
  gw = other;
  const { turn, socket } = await connect();
  gw = outer;
  assert.equal(
    (await turn({ model: 'chat/m', store: false, input: user('one') })).type,
    'response.completed',
  );
  valid = false;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const refused = await turn({ model: 'chat/m', store: false, input: user('two') });
  assert.equal(refused.status, 401);
  assert.equal(await closed, 1008);
  assert.equal(upstream.requests.length, 1);
  await other.close();
});

test('one turn at a time, text only, and known messages only', async () => {
  const { turn, send, socket, events } = await connect();
  let release = (): void => {};
  upstream.script(async (seen, res) => {
    await new Promise<void>((resolve) => (release = resolve));
    await answering(seen, res);
  });
  send({ model: 'chat/m', store: false, input: user('one') });
  await until(() => upstream.requests.length === 1, 'the first turn');
  const busy = await turn({ model: 'chat/m', store: false, input: user('two') });
  assert.equal(busy.status, 409);
  events.length = 0;
  release();
  await until(() => events.some(({ type }) => type === 'response.completed'), 'the first turn to end');
  assert.equal((await turn({ type: 'session.update' })).error.code, 'unknown_event');
  events.length = 0;
  socket.send('{"type":');
  await until(() => events.length === 1, 'an answer');
  assert.equal(events[0].error.code, 'invalid_json');
  socket.send(Buffer.from('{}'), { binary: true });
  await until(() => events.length === 2, 'an answer');
  assert.equal(events[1].error.code, 'binary_message');
});

test('a client that leaves in the middle of a turn stops its provider', async () => {
  const { send, socket } = await connect();
  upstream.script(() => {});
  send({ model: 'chat/m', store: false, input: user('one') });
  await until(() => upstream.requests.length === 1, 'the provider to be asked');
  socket.terminate();
  await until(() => upstream.requests[0]?.aborted === true, 'the provider to be left');
});

test('a client that does not read pauses its provider, and gets everything in order later', async () => {
  const { send, socket, events } = await connect('tok-agent', {}, false);
  const total = 2000;
  const delta = (at: number): string => `${at} ${'x'.repeat(20_000)}`;
  let written = 0;
  const progress = (): number => written;
  upstream.script(async (_seen, res) => {
    const [opening = '', last = ''] = [responsesStream([])[0], responsesStream([]).at(-1)];
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(opening);
    for (; written < total; written += 1) {
      const event = { type: 'response.output_text.delta', delta: delta(written) };
      if (!res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)) {
        await new Promise((resolve) => res.once('drain', resolve));
      }
    }
    res.end(last);
  });
  socket.pause();
  send({ model: 'oai/gpt-5', store: false, input: user('one') });
  let before = -1;
  while (progress() !== before || progress() === 0) {
    before = progress();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.ok(written < total, 'the provider waits');
  socket.resume();
  await until(() => events.at(-1)?.type === 'response.completed', 'the whole answer');
  const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
  assert.equal(deltas.length, total);
  assert.ok(deltas.every((event, at) => event.delta === delta(at)));
});

test('upgrades are for those who may: no token, no scope, another path', async () => {
  await assert.rejects(connect('wrong'), /status 401/);
  await assert.rejects(connect('tok-reader'), /status 403/);
  const socket = new WebSocket(gw.url.replace('http', 'ws') + '/v1/other', {
    headers: { authorization: 'Bearer tok-agent' },
  });
  const status = await new Promise((resolve) => {
    socket.once('unexpected-response', (_req, res) => resolve(res.statusCode));
    socket.once('error', () => {});
  });
  assert.equal(status, 426);
});

test('the connections of one device are counted', async () => {
  for (let at = 0; at < 4; at += 1) await connect();
  await assert.rejects(connect(), /status 429/);
  await connect('tok-other');
});

test('the official package speaks with it', async () => {
  const client = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent' });
  const socket = new ResponsesWS(client);
  let text = '';
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('response.output_text.delta', ({ delta }) => (text += delta));
      socket.on('response.completed', () => resolve());
      socket.send({ type: 'response.create', model: 'chat/m', input: 'hi' });
    });
  } finally {
    socket.close();
  }
  assert.equal(text, 'answer 1');
});

test('a gateway that stops ends its connections', async () => {
  const other = await startTestGateway({ responses_websocket: true });
  const outer = gw;
  gw = other;
  const { socket, events } = await connect();
  gw = outer;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await other.close();
  await closed;
  assert.equal(events.at(-1)?.error.code, 'websocket_connection_limit_reached');
});
