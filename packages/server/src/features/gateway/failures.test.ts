import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { post, startTestGateway, until, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import {
  responsesOpening,
  responsesOverload,
  responsesStream,
} from '../../testing/upstreams/responses-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, {}));
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'k' },
      { id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' },
      { id: 'gone', type: 'ollama', base_url: 'http://127.0.0.1:9/v1' },
    ],
    retry_wait_max_s: 0.2,
    max_body_mb: 0.01,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

/** Requests of turns; the gateway also asks for model lists. */
let from = 0;
const turnsSent = () => upstream.requests.slice(from);
afterEach(() => {
  from = upstream.requests.length;
});

const chatBody = (more: object = {}) =>
  JSON.stringify({ model: 'chat/m', messages: [{ role: 'user', content: 'hi' }], ...more });
const responsesBody = (more: object = {}) =>
  JSON.stringify({ model: 'oai/m', input: 'hi', stream: true, ...more });
const messagesBody = (more: object = {}) =>
  JSON.stringify({ model: 'claude/m', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }], ...more });

test('each way to be busy is told with the wait the provider named', async () => {
  const soon = new Date(Date.now() + 60_000).toUTCString();
  const forms: [Record<string, string>, number, number][] = [
    [{ 'retry-after': '30' }, 30, 30],
    [{ 'retry-after': soon }, 50, 61],
    [{ 'retry-after-ms': '2500' }, 3, 3],
    [{}, 1, 60],
  ];
  for (const [number, [headers, least, most]] of forms.entries()) {
    upstream.script((_seen, res) =>
      answerJson(
        res,
        429,
        { error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
        headers,
      ),
    );
    // Each with a model of its own: a provider that named a wait is not asked before.
    const answer = await post(`${gw.url}/v1/responses`, responsesBody({ model: `oai/busy-${number}` }));
    assert.equal(answer.status, 429, JSON.stringify(headers));
    const seconds =
      Number(answer.headers['retry-after']) ||
      (Date.parse(String(answer.headers['retry-after'])) - Date.now()) / 1000;
    assert.ok(seconds >= least && seconds <= most, `${JSON.stringify(headers)} → ${seconds}`);
    const row = await gw.row(answer);
    assert.equal(row.outcome, 'upstream_error');
    assert.equal(row.error_kind, 'rate-limited');
    assert.equal(row.cost_micros, 0);
  }
});

test('a short wait is absorbed and the client only sees the answer', async () => {
  let tries = 0;
  upstream.script((_seen, res) => {
    tries += 1;
    if (tries < 3)
      answerJson(res, tries === 1 ? 429 : 503, { error: { message: 'busy' } }, { 'retry-after-ms': '20' });
    else answerJson(res, 200, chatCompletion('at last'));
  });
  const answer = await post(`${gw.url}/v1/chat/completions`, chatBody());
  assert.equal(answer.status, 200);
  assert.equal((await gw.row(answer)).attempts, 3);
});

test('an overload behind status 200 becomes 503 with a wait, after two more tries', async () => {
  upstream.script((_seen, res) => streamPieces(res, responsesOverload));
  const slow = await post(`${gw.url}/v1/responses`, responsesBody());
  assert.equal(slow.status, 503);
  assert.ok(Number(slow.headers['retry-after']) >= 1);
  assert.equal(slow.json().error.code, 'server_is_overloaded');
  assert.equal((await gw.row(slow)).outcome, 'upstream_error');
});

test('a stream that ends before its last event ends for Codex with response.failed', async () => {
  upstream.script((_seen, res) => streamPieces(res, responsesStream(['one', 'two']).slice(0, 5)));
  const answer = await post(`${gw.url}/v1/responses`, responsesBody());
  assert.equal(answer.status, 200);
  const blocks = answer.body.toString().trim().split('\n\n');
  assert.equal(blocks.length, 6);
  const last = JSON.parse(blocks.at(-1)?.split('data: ')[1] ?? '');
  assert.equal(last.type, 'response.failed');
  assert.equal(typeof last.response.error.message, 'string');
  const row = await gw.row(answer);
  assert.equal(row.outcome, 'upstream_error');
  assert.equal(row.status, 200);
});

test('a stream cut inside an event loses that event and nothing else', async () => {
  const whole = chatStream(['one', 'two']);
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(whole.slice(0, 3).join('') + (whole[3] ?? '').slice(0, 30), () =>
      res.socket?.resetAndDestroy(),
    );
  });
  const answer = await post(`${gw.url}/v1/chat/completions`, chatBody({ stream: true }));
  const text = answer.body.toString();
  assert.ok(text.startsWith(whole.slice(0, 3).join('')));
  const blocks = text.trim().split('\n\n');
  assert.equal(blocks.at(-1), 'data: [DONE]');
  assert.equal(typeof JSON.parse(blocks.at(-2)?.slice(6) ?? '').error.message, 'string');
  assert.equal(blocks.length, 5);
});

test('a translated stream that breaks ends with an error event in the client’s protocol', async () => {
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['one']).slice(0, 2).join(''), () => res.socket?.resetAndDestroy());
  });
  const answer = await post(`${gw.url}/v1/messages`, messagesBody({ model: 'chat/m', stream: true }));
  assert.match(answer.body.toString(), /event: error\ndata: \{"type":"error"/);
  assert.equal((await gw.row(answer)).outcome, 'upstream_error');
});

test('HTML, nothing, and an error behind status 200 are never taken for an answer', async () => {
  const bodies: [string, string][] = [
    ['<html>login</html>', 'text/html'],
    ['', 'application/json'],
    ['{"error":{"message":"no such thing","type":"invalid_request_error"}}', 'application/json'],
  ];
  for (const stream of [false, true]) {
    for (const [body, type] of bodies) {
      upstream.script((_seen, res) => {
        res.writeHead(200, { 'content-type': type });
        res.end(body);
      });
      const answer = await post(`${gw.url}/v1/chat/completions`, chatBody({ stream }));
      assert.ok(answer.status >= 400, `${body} as ${stream ? 'a stream' : 'a whole'}`);
      assert.equal(typeof answer.json().error.message, 'string');
      assert.equal((await gw.row(answer)).outcome, 'upstream_error');
    }
  }
});

test('a JSON body where a stream was asked for is told as a stream', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('whole answer')));
  const answer = await post(`${gw.url}/v1/chat/completions`, chatBody({ stream: true }));
  assert.equal(answer.headers['content-type'], 'text/event-stream');
  assert.match(answer.body.toString(), /whole answer/);
  assert.match(answer.body.toString(), /data: \[DONE\]\n\n$/);
  assert.equal((await gw.row(answer)).output_tokens, 20);
});

test('a local provider that does not run gives 503 with a wait and says where it looked', async () => {
  const answer = await post(`${gw.url}/v1/chat/completions`, chatBody({ model: 'gone/m' }));
  assert.equal(answer.status, 503);
  assert.ok(Number(answer.headers['retry-after']) >= 1);
  assert.match(answer.json().error.message, /Ollama is not running.*127\.0\.0\.1:9/);
});

test('a provider’s own error reaches a client of its protocol word for word', async () => {
  const error = { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: too big' } };
  upstream.script((_seen, res) => answerJson(res, 400, error, { 'request-id': 'req_9' }));
  const answer = await post(`${gw.url}/v1/messages`, messagesBody());
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.json(), error);
  assert.equal(answer.headers['request-id'], 'req_9');
  assert.equal(answer.headers['x-vigiles-error-source'], 'upstream');
});

test('too long for another protocol’s model is context_length_exceeded for Codex', async () => {
  upstream.script((_seen, res) =>
    answerJson(res, 400, {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 9 tokens' },
    }),
  );
  const answer = await post(`${gw.url}/v1/responses`, responsesBody({ model: 'claude/m' }));
  assert.equal(answer.json().error.code, 'context_length_exceeded');
});

test('a body over the limit is 413 in the envelope of each protocol', async () => {
  const big = 'x'.repeat(20_000);
  const chat = await post(`${gw.url}/v1/chat/completions`, chatBody({ pad: big }));
  assert.equal(chat.status, 413);
  assert.equal(typeof chat.json().error.message, 'string');
  const messages = await post(`${gw.url}/v1/messages`, messagesBody({ pad: big }));
  assert.equal(messages.json().type, 'error');
  assert.equal((await gw.row(messages)).outcome, 'rejected');
  assert.equal(turnsSent().length, 0);
});

test('tokens: none, a wrong one, and one without the scope', async () => {
  const without = await post(`${gw.url}/v1/chat/completions`, chatBody(), {});
  assert.equal(without.status, 401);
  const wrong = await post(`${gw.url}/v1/messages`, messagesBody(), { 'x-api-key': 'nope' });
  assert.equal(wrong.status, 401);
  assert.equal(wrong.json().error.type, 'authentication_error');
  const weak = await post(`${gw.url}/v1/responses`, responsesBody(), { authorization: 'Bearer tok-reader' });
  assert.equal(weak.status, 403);
  assert.equal(turnsSent().length, 0);
});

test('a WebSocket is refused with 426, so that Codex goes on with POST', async () => {
  const answer = await fetch(`${gw.url}/health`).then(() => upgrade(gw.port));
  assert.match(answer, /^HTTP\/1\.1 426 /);
});

test('unknown paths, other methods and bodies that are not JSON get one clear error', async () => {
  const missing = await fetch(`${gw.url}/v2/nothing`, { headers: { 'anthropic-version': '2023-06-01' } });
  assert.equal(missing.status, 404);
  assert.equal(((await missing.json()) as { type: string }).type, 'error');
  for (const body of [
    '',
    '[]',
    '{"model":"m"',
    '{"model":3}',
    '{"model":"a","model":"b"}',
    '{"stream":true}',
  ]) {
    const answer = await post(`${gw.url}/v1/chat/completions`, body);
    assert.equal(answer.status, 400, body);
    assert.match(answer.json().error.message, /body|model/);
  }
});

test('a path that is not there, and a method that a path does not take, are told as that in each protocol', async () => {
  const ask = async (method: string, path: string) => {
    const headers = { authorization: 'Bearer tok-agent' };
    const answer = await fetch(gw.url + path, { method, headers });
    const { error } = (await answer.json()) as { error: { code?: string; message: string } };
    return [answer.status, error.code, error.message];
  };
  assert.deepEqual(await ask('GET', '/v1/nothing'), [
    404,
    'not_found',
    'There is nothing at GET /v1/nothing.',
  ]);
  for (const [method, path] of [
    ['GET', '/v1/chat/completions'],
    ['PUT', '/v1/responses'],
    ['GET', '/v1/messages'],
    ['GET', '/v1/embeddings'],
    ['GET', '/v1/responses/compact'],
  ] as const) {
    const [status, code, message] = await ask(method, path);
    assert.deepEqual([status, message], [405, `${path} takes POST.`]);
    assert.equal(code, path === '/v1/messages' ? undefined : 'method_not_allowed');
  }
});

test('a pooled connection that the provider has just closed costs the client nothing', async (t) => {
  let served = 0;
  const flaky = createServer((req, res) => {
    req.resume().on('end', () => {
      if (req.method === 'POST') served += 1;
      if (req.method === 'POST' && served === 1) req.socket.destroy();
      else answerJson(res, 200, chatCompletion('ok'));
    });
  });
  await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve));
  const { port } = flaky.address() as { port: number };
  const other = await startTestGateway({
    providers: [
      { id: 'flaky', type: 'openai-compatible', base_url: `http://127.0.0.1:${port}`, models: ['m'] },
    ],
  });
  t.after(async () => {
    await other.close();
    flaky.closeAllConnections();
    flaky.close();
  });
  const answer = await post(`${other.url}/v1/chat/completions`, chatBody({ model: 'flaky/m' }));
  assert.equal(answer.status, 200);
  assert.equal((await other.row(answer)).attempts, 2);
});

test('silence is an error after the idle time; comments are no answer, and the client hears heartbeats meanwhile', async (t) => {
  const impatient = await startTestGateway({
    providers: [{ id: 'oai', type: 'openai', base_url: upstream.origin, api_key: 'k' }],
    idle_timeout_s: 0.4,
    heartbeat_s: 0.05,
  });
  const timers: NodeJS.Timeout[] = [];
  t.after(async () => {
    timers.forEach(clearInterval);
    await impatient.close();
  });
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of responsesStream(['one']).slice(0, 5)) res.write(piece);
    timers.push(setInterval(() => res.write(': still here\n\n'), 20));
  });
  const answer = await post(`${impatient.url}/v1/responses`, responsesBody());
  const text = answer.body.toString();
  const types = [...text.matchAll(/"type":"((?:response\.[a-z_.]+)|keepalive)"/g)].map((found) => found[1]);
  assert.ok(types.includes('keepalive'));
  assert.equal(types.at(-1), 'response.failed');
  const row = await impatient.row(answer);
  assert.equal(row.error_kind, 'timeout');
  await until(() => turnsSent().at(-1)?.aborted === true, 'the provider’s connection to be closed');
});

test('a provider that opens an answer and then thinks for long keeps its client awake', async (t) => {
  const other = await startTestGateway({
    providers: [{ id: 'oai', type: 'openai', base_url: upstream.origin, api_key: 'k' }],
    heartbeat_s: 0.05,
  });
  t.after(() => other.close());
  upstream.script(async (_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(responsesOpening.join(''));
    await new Promise((resolve) => setTimeout(resolve, 300));
    res.end(responsesStream(['one']).slice(2).join(''));
  });
  const answer = await post(`${other.url}/v1/responses`, responsesBody());
  const text = answer.body.toString();
  assert.match(text, /response\.in_progress[\s\S]*"keepalive"[\s\S]*response\.completed/);
  const kept = text.replaceAll(
    /event: keepalive\ndata: \{"type":"keepalive","sequence_number":\d+\}\n\n/g,
    '',
  );
  assert.equal(kept, responsesStream(['one']).join(''));
});

async function upgrade(port: number): Promise<string> {
  const { connect } = await import('node:net');
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        'GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
      );
    });
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}
