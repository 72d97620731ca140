import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CallFailure, CallFailures } from '@vigiles/contract';
import { post, startTestGateway, until, type TestGateway } from '../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;
let told: CallFailures[] = [];

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const provider = (id: string, base_url = upstream.origin) => ({ id, type: 'openai-compatible', base_url });
  gw = await startTestGateway(
    {
      providers: [
        provider('chat'),
        provider('twin'),
        provider('gone', 'http://127.0.0.1:9/v1'),
        provider('lost', 'http://nowhere.invalid/v1'),
        provider('plain', upstream.origin.replace('http:', 'https:')),
      ],
      routes: [
        {
          model: 'both',
          candidates: [
            { provider: 'chat', model: 'a' },
            { provider: 'twin', model: 'b' },
          ],
        },
      ],
      retry_wait_max_s: 0,
    },
    { onFailures: (failures) => told.push(failures) },
  );
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const turn = (model: string, more: object = {}) =>
  post(
    `${gw.url}/v1/chat/completions`,
    JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }], ...more }),
  );

/** The next reported failure of a cause. */
async function failure(cause: CallFailure['cause']): Promise<CallFailure> {
  const find = () => told.flatMap(({ failures }) => failures).find((one) => one.cause === cause);
  await until(() => find() !== undefined, cause);
  const found = find();
  assert.ok(found);
  return found;
}

test('refusals are told with cause, status and the wait that was asked for', async () => {
  const answers: [number, object, CallFailure['cause'], Record<string, string>?][] = [
    [429, { error: { message: 'slow down' } }, 'rate-limited', { 'retry-after': '30' }],
    [500, { error: { message: 'oh no' } }, 'server'],
    [503, { error: { message: 'full' } }, 'overloaded'],
    [401, { error: { message: 'Incorrect API key provided' } }, 'auth'],
    [403, { error: { message: 'no', code: 'upgrade_required' } }, 'upgrade-required'],
    [403, { error: { message: 'error code: 1010' } }, 'blocked'],
    [400, { error: { message: 'expected string, got array' } }, 'bad-request'],
    [400, { error: { message: 'x', code: 'context_length_exceeded' } }, 'context-length'],
  ];
  for (const [status, body, cause, headers] of answers) {
    told = [];
    upstream.script((_seen, res) => answerJson(res, status, body, headers ?? {}));
    await turn(`chat/${cause}`);
    const seen = await failure(cause);
    assert.deepEqual([seen.provider, seen.model, seen.status], ['chat', cause, status]);
    if (cause === 'rate-limited') assert.equal(seen.retry_after_ms, 30_000);
  }
});

test('connections that fail are told apart', async () => {
  told = [];
  await Promise.all(['gone/m', 'lost/m', 'plain/m'].map((model) => turn(model)));
  assert.equal((await failure('refused')).code, 'ECONNREFUSED');
  assert.equal((await failure('dns')).provider, 'lost');
  assert.equal((await failure('tls')).provider, 'plain');
});

test('an answer that works again ends the row, and says nothing while all is well', async () => {
  told = [];
  upstream.script((_seen, res) => answerJson(res, 500, { error: { message: 'no' } }));
  await turn('chat/again');
  await turn('chat/again');
  await until(() => told.some(({ failures }) => failures.some((one) => one.in_a_row >= 2)), 'two in a row');
  told = [];
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  await turn('chat/again');
  await until(
    () => told.some(({ recovered }) => recovered.some(({ model }) => model === 'again')),
    'recovered',
  );
  const before = told.length;
  await turn('chat/again');
  assert.equal(told.length, before);
});

test('a turn that finds every place failing says so', async () => {
  told = [];
  upstream.script((_seen, res) => answerJson(res, 500, { error: { message: 'no' } }));
  await turn('both');
  assert.equal((await failure('no-route')).model, 'both');
});

test('a client that leaves in the middle of an answer is noted as that', async () => {
  told = [];
  let open = false;
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(chatStream(['hello', 'there'])[0] ?? '');
    open = true;
  });
  const leave = new AbortController();
  const answer = fetch(`${gw.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer tok-agent', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'chat/left', stream: true, messages: [{ role: 'user', content: 'x' }] }),
    signal: leave.signal,
  }).catch(() => null);
  await until(() => open, 'the stream');
  leave.abort();
  await answer;
  // Told lazily, or with the next failure.
  upstream.script((_seen, res) => answerJson(res, 500, { error: { message: 'no' } }));
  await until(() => gw.turns.some(({ outcome }) => outcome === 'client_aborted'), 'the row');
  await turn('chat/left');
  const gone = await failure('client-gone');
  assert.deepEqual([gone.model, gone.in_a_row], ['left', 0]);
});
