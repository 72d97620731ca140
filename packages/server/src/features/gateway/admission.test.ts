import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type ServerResponse } from 'node:http';
import { after, before, test } from 'node:test';
import { post, startTestGateway, until } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import { messagesStream } from '../../testing/upstreams/messages-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let upstream: ScriptedUpstream;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
});

after(() => upstream.close());

const provider = () => ({ id: 'mock', type: 'openai-compatible', base_url: upstream.origin });
const body = (more: object = {}) =>
  JSON.stringify({ model: 'mock/m', messages: [{ role: 'user', content: 'hi' }], ...more });
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

test('100 turns a minute lets exactly 100 of 150 racing turns through, per device', async (t) => {
  const gw = await startTestGateway({
    providers: [provider()],
    requests_per_minute: 100,
    concurrent_turns: 1000,
  });
  t.after(() => gw.close());
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const answers = await times(150, () => post(`${gw.url}/v1/chat/completions`, body()));
  assert.equal(answers.filter(({ status }) => status === 200).length, 100);
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 50);
  for (const answer of refused) {
    const seconds = Number(answer.headers['retry-after']);
    assert.ok(seconds >= 1 && seconds <= 61);
    assert.equal(answer.headers['x-vigiles-error-source'], 'gateway');
  }
  const other = await post(`${gw.url}/v1/chat/completions`, body(), { authorization: 'Bearer tok-other' });
  assert.equal(other.status, 200);
  const rows = await gw.settled(151);
  assert.equal(rows.length, 151);
  assert.equal(rows.filter(({ outcome }) => outcome === 'rejected').length, 50);
});

test('open turns are limited, and a place is free again when a turn ends or its client leaves', async (t) => {
  const gw = await startTestGateway({ providers: [provider()], concurrent_turns: 2 });
  t.after(() => gw.close());
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['one']).slice(0, 2).join(''));
  });
  const sent = upstream.requests.length;
  const open = [openStream(gw.port), openStream(gw.port)];
  await until(
    () => gw.gateway.snapshot().live.filter(({ phase }) => phase === 'streaming').length === 2,
    'two streams',
  );
  const third = await post(`${gw.url}/v1/chat/completions`, body({ stream: true }));
  assert.equal(third.status, 429);
  for (const one of open) one.destroy();
  await until(() => gw.gateway.snapshot().active === 0, 'the turns to end');
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  assert.equal((await post(`${gw.url}/v1/chat/completions`, body())).status, 200);
  const aborted = (await gw.settled(4)).filter(({ outcome }) => outcome === 'client_aborted');
  assert.equal(aborted.length, 2);
  await until(
    () => upstream.requests.slice(sent).filter((seen) => seen.aborted).length === 2,
    'the provider to be told',
  );
});

test('a client that leaves is settled once, with the usage seen so far', async (t) => {
  const gw = await startTestGateway({
    providers: [{ id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' }],
  });
  t.after(() => gw.close());
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of messagesStream(['one', 'two']).slice(0, 4)) res.write(piece);
  });
  const leaving = openStream(gw.port, '/v1/messages', { model: 'claude/claude-sonnet-4-5', max_tokens: 9 });
  await until(
    () => gw.gateway.snapshot().live.some(({ output_chars }) => output_chars > 0),
    'the first words',
  );
  leaving.destroy();
  const [row] = await gw.settled(1);
  assert.equal(row?.outcome, 'client_aborted');
  assert.equal(row?.input_tokens, 100);
  assert.ok((row?.cost_micros ?? 0) > 0);
  assert.equal(gw.turns.length, 1);
});

test('a budget is never overspent, however many turns race for it', async (t) => {
  const limit = 20_000;
  const gw = await startTestGateway(
    {
      providers: [{ id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' }],
      concurrent_turns: 1000,
    },
    { budgets: { dailyMicros: limit, monthlyMicros: undefined } },
  );
  t.after(() => gw.close());
  upstream.script((_seen, res) => streamPieces(res, messagesStream(['one'])));
  const ask = () =>
    post(
      `${gw.url}/v1/messages`,
      JSON.stringify({
        model: 'claude/claude-sonnet-4-5',
        max_tokens: 100,
        stream: true,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    );
  const answers = await times(60, ask);
  const ok = answers.filter(({ status }) => status === 200).length;
  assert.ok(ok > 0 && ok < 60);
  const refused = answers.find(({ status }) => status !== 200);
  assert.equal(refused?.json().type, 'error');
  assert.ok(Number(refused?.headers['retry-after']) >= 1);
  const rows = await gw.settled(60);
  const spent = rows.reduce((sum, row) => sum + (row.cost_micros ?? 0), 0);
  assert.ok(spent > 0 && spent <= limit, `${spent} of ${limit}`);
  while ((await ask()).status === 200);
  const all = gw.turns.reduce((sum, row) => sum + (row.cost_micros ?? 0), 0);
  assert.ok(all <= limit);
});

test('a refused budget is insufficient_quota for OpenAI clients, and free providers still answer', async (t) => {
  const gw = await startTestGateway(
    { providers: [provider(), { id: 'oai', type: 'openai', base_url: upstream.origin, api_key: 'k' }] },
    { budgets: { dailyMicros: 0, monthlyMicros: undefined } },
  );
  t.after(() => gw.close());
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const priced = await post(`${gw.url}/v1/responses`, JSON.stringify({ model: 'oai/gpt-5', input: 'hi' }));
  assert.equal(priced.json().error.code, 'insufficient_quota');
  assert.equal((await post(`${gw.url}/v1/chat/completions`, body())).status, 200);
});

test('a model that nobody has is 404 and names what exists', async (t) => {
  const gw = await startTestGateway({
    providers: [{ ...provider(), models: ['small'] }],
    default_provider: 'nobody',
  });
  t.after(() => gw.close());
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify({ model: 'large', input: 'hi' }));
  assert.equal(answer.status, 404);
  assert.equal(answer.json().error.code, 'model_not_found');
  assert.match(answer.json().error.message, /mock\/small/);
});

test('a client that reads slowly pauses the provider instead of filling our memory', async (t) => {
  const gw = await startTestGateway({ providers: [provider()] });
  t.after(() => gw.close());
  const piece = chatStream(['x'.repeat(2000)])[1] as string;
  const total = 64 * 1024 * 1024;
  let written = 0;
  upstream.script(async (seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    while (written < total && !seen.aborted) {
      written += piece.length;
      if (!res.write(piece)) await drained(res);
    }
    res.end();
  });
  const slow = openStream(gw.port);
  await until(() => gw.gateway.snapshot().live.length === 1, 'the stream');
  let before = -1;
  await until(() => {
    const still = written === before && written > 0;
    before = written;
    return still;
  }, 'the provider to be paused');
  assert.ok(written < total / 2, `${written} bytes were taken from the provider`);
  slow.destroy();
  await gw.settled(1);
});

test('a reload puts new providers and limits in force while a stream goes on', async (t) => {
  const gw = await startTestGateway({ providers: [provider()] });
  t.after(() => gw.close());
  let finish = () => {};
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['one']).slice(0, 2).join(''));
    finish = () => res.end(chatStream(['one']).slice(2).join(''));
  });
  const streaming = post(`${gw.url}/v1/chat/completions`, body({ stream: true }));
  await until(() => gw.gateway.snapshot().live.some(({ phase }) => phase === 'streaming'), 'the stream');
  const { GatewayConfig } = await import('@vigiles/contract');
  const next = GatewayConfig.parse({
    discover_local: false,
    max_body_mb: 0.001,
    providers: [{ ...provider(), id: 'other' }],
  });
  gw.gateway.reconfigure(next, {});
  assert.deepEqual(
    gw.gateway.snapshot().providers.map(({ id }) => id),
    ['other', 'demo'],
  );
  assert.equal((await post(`${gw.url}/v1/chat/completions`, body({ pad: 'x'.repeat(2000) }))).status, 413);
  finish();
  assert.equal((await streaming).body.toString(), chatStream(['one']).join(''));
});

/** Until the response takes more, or its socket is gone. */
async function drained(res: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })]).finally(() =>
    over.abort(),
  );
}

/** A streamed turn whose answer is not read further than the socket's buffers. */
function openStream(port: number, path = '/v1/chat/completions', more: object = {}) {
  const req = request({ port, path, method: 'POST', headers: { authorization: 'Bearer tok-agent' } }, (res) =>
    res.pause(),
  );
  req.on('error', () => undefined);
  req.end(body({ stream: true, ...more }));
  return req;
}

test('a server on this machine that is said to lead to the cloud is not taken for free', async (t) => {
  const gw = await startTestGateway({
    providers: [
      { ...provider(), side: 'cloud' },
      { ...provider(), id: 'own' },
    ],
  });
  t.after(() => gw.close());
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const cost = async (model: string) =>
    (await gw.row(await post(`${gw.url}/v1/chat/completions`, body({ model })))).cost_micros;
  assert.equal(await cost('mock/m'), null);
  assert.equal(await cost('own/m'), 0);
});
