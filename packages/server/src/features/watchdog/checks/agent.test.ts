import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { closeHttp, look, reasonOf } from '../testing/check-rig.ts';

interface Asked {
  path: string;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
}

const asked: Asked[] = [];
const events: Record<string, object[]> = {
  '/v1/responses': [
    { type: 'response.created', response: { id: 'r' } },
    { type: 'response.output_text.delta', delta: 'OK' },
    { type: 'response.completed', response: { usage: { input_tokens: 9, output_tokens: 2 } } },
  ],
  '/v1/chat/completions': [
    { choices: [{ delta: { role: 'assistant', content: '' } }] },
    { choices: [{ delta: { content: 'OK' } }] },
    { choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } },
  ],
  '/v1/messages': [
    { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } },
    { type: 'content_block_delta', delta: { type: 'text_delta', text: 'OK' } },
    { type: 'message_delta', usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ],
};

const answeredBy = (model: unknown): string => (model === 'small-latest' ? 'small-20260101' : String(model));

/** What the provider says it has; null: it does not say. */
let listed: string[] | null = null;

/** A provider: a model's name says how it behaves. */
function provide({ path, body }: Asked, response: ServerResponse): void {
  if (body['model'] === 'limited') {
    response.writeHead(429).end(JSON.stringify({ error: { message: 'Rate limit reached' } }));
    return;
  }
  if (body['model'] === 'budget') {
    response
      .writeHead(402, { 'x-vigiles-error-source': 'gateway' })
      .end('{"error":{"message":"budget is used up"}}');
    return;
  }
  if (body['model'] === 'nowhere') {
    response
      .writeHead(404, { 'x-vigiles-error-source': 'gateway' })
      .end('{"error":{"message":"no provider offers it","code":"model_not_found"}}');
    return;
  }
  const served = body['model'] === 'guess' ? { 'x-vigiles-provider': 'demo' } : {};
  response.writeHead(200, { 'content-type': 'text/event-stream', ...served });
  const model = answeredBy(body['model']);
  const told = (events[path] ?? []).map((event) => Object.assign({}, event, { model }));
  const wanted = body['model'] === 'mute' ? told.filter((_event, i) => i === 0) : told;
  const text = wanted.map((event) => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join('');
  // In two pieces that cut an event in half.
  response.write(text.slice(0, 30));
  if (body['model'] === 'stuck') return;
  setImmediate(() => response.end(`${text.slice(30)}data: [DONE]\n\n`));
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const data = listed?.map((id) => ({ id, object: 'model' }));
    response.writeHead(data ? 200 : 404).end(JSON.stringify(data ? { object: 'list', data } : {}));
    return;
  }
  let text = '';
  request.on('data', (piece: Buffer) => (text += piece.toString()));
  request.on('end', () => {
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(text) as Record<string, unknown>,
    };
    asked.push(one);
    provide(one, response);
  });
});
let url = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  closeHttp();
  server.closeAllConnections();
  server.close();
});

const agent = (more: object) =>
  look(
    { type: 'agent', model: 'm', base_url: `${url}/v1`, api_key: '${secret:key}', ...more },
    { resolve: () => 'secret-key-1' },
  );

for (const protocol of ['responses', 'chat', 'messages'] as const) {
  it(`${protocol}: waits for the first token and counts what it cost`, async () => {
    const found = await agent({ protocol });
    assert.ok(found.ok, JSON.stringify(found));
    const { tokens_in, tokens_out, first_token_ms } = found.facts ?? {};
    assert.deepEqual([tokens_in, tokens_out, typeof first_token_ms], [9, 2, 'number']);
    const last = asked.at(-1);
    assert.equal(
      last?.headers[protocol === 'messages' ? 'x-api-key' : 'authorization']?.includes('secret-key-1'),
      true,
    );
    const bound = Number(last?.body['max_tokens'] ?? last?.body['max_output_tokens']);
    assert.ok(last?.body['stream'] === true && bound <= 16);
  });

  it(`${protocol}: a stream without a token is a failure`, async () => {
    assert.equal(reasonOf(await agent({ protocol, model: 'mute' })), 'the stream ended without a token');
  });
}

it('tells a refusal of the provider from a stream that stands still', async () => {
  assert.equal(reasonOf(await agent({ model: 'limited' })), 'HTTP 429: Rate limit reached');
  const stuck = await agent({ model: 'stuck', timeout_s: 0.2 });
  assert.equal(!stuck.ok && stuck.timedOut, true);
});

it('asks through our own gateway, whose limits say nothing about the model', async () => {
  const gateway = async () => ({ url, token: 'vgl_device' });
  const found = await look({ type: 'agent', model: 'm' }, { gateway });
  assert.ok(found.ok);
  assert.deepEqual(
    [asked.at(-1)?.path, asked.at(-1)?.headers.authorization],
    ['/v1/responses', 'Bearer vgl_device'],
  );
  const spent = await look({ type: 'agent', model: 'budget' }, { gateway });
  assert.deepEqual([reasonOf(spent), !spent.ok && spent.ours], ['HTTP 402: budget is used up', true]);
  const off = await look({ type: 'agent', model: 'm' });
  assert.deepEqual([reasonOf(off), !off.ok && off.ours], ['the gateway is switched off', true]);
});

it('a provider that answers for a model it does not list has not answered for it', async (t) => {
  t.after(() => (listed = null));
  assert.ok((await agent({})).ok, 'without a list the answer is all there is');
  listed = ['other', 'small-20260101', 'tiny:latest', 'models/large'];
  const reason = 'it answers, but does not list the model “m”; `listed: false` where that is right';
  assert.equal(reasonOf(await agent({})), reason);
  assert.equal(reasonOf(await agent({ model: 'ther' })), reason.replace('“m”', '“ther”'));
  assert.ok((await agent({ listed: false })).ok);
  for (const model of ['other', 'small-latest', 'tiny', 'large'])
    assert.ok((await agent({ model })).ok, model);
  listed.push('m');
  assert.ok((await agent({})).ok);
});

it('a model that no provider has is not healthy because the demo answers for everything', async () => {
  const gateway = async () => ({ url, token: 'vgl_device' });
  const none = await look({ type: 'agent', model: 'nowhere' }, { gateway });
  assert.deepEqual([reasonOf(none), !none.ok && none.ours], ['HTTP 404: no provider offers it', false]);
  const guessed = await look({ type: 'agent', model: 'guess' }, { gateway });
  assert.equal(reasonOf(guessed), 'no provider offers the model “guess”: the demo answered');
});

it('costs something, so that it may not be asked often', async () => {
  await assert.rejects(agent({ interval_s: 5 }), />=60/);
});
