import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ProtocolName } from '@vigiles/wire';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';
import { toolClients, TOOL_RESULT } from '../../testing/tool-clients.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { spokenStream } from '../../testing/upstreams/spoken-answers.ts';
import { startTokenEndpoint, type TokenEndpoint } from '../../testing/upstreams/token-endpoint.ts';

const SCOPE = 'https://cognitiveservices.azure.com/.default';
let tokens: TokenEndpoint;
let upstream: ScriptedUpstream;
let gw: TestGateway;

/** Azure begins a Chat stream with what its filters found in the prompt, without a choice. */
const FILTERS = `data: ${JSON.stringify({
  choices: [],
  created: 0,
  id: '',
  model: '',
  object: '',
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
})}\n\n`;

/** A provider that signs in with Entra. */
const entra = () => ({
  id: 'entra',
  type: 'azure-openai',
  base_url: upstream.origin,
  oauth: { token_url: tokens.url, client_id: 'app-id', client_secret: 'app-secret-value', scope: SCOPE },
});

before(async () => {
  tokens = await startTokenEndpoint({
    check: (form) =>
      form['grant_type'] === 'client_credentials' &&
      form['client_id'] === 'app-id' &&
      form['client_secret'] === 'app-secret-value' &&
      form['scope'] === SCOPE
        ? null
        : 'invalid_client',
  });
  upstream = await startScriptedUpstream((seen, res) => {
    const { 'api-key': key, authorization } = seen.headers;
    if (key !== 'azure-key-value' && !tokens.knows(authorization)) {
      const message = 'Access denied due to invalid subscription key or wrong API endpoint.';
      return answerJson(res, 401, { error: { code: '401', message } });
    }
    const places: [RegExp, ProtocolName][] = [
      [/^\/openai\/v1\/responses$/, 'openai-responses'],
      [/^\/openai\/v1\/chat\/completions$/, 'openai-chat'],
      [/^\/openai\/deployments\/my%20gpt\/chat\/completions\?api-version=2024-10-21$/, 'openai-chat'],
    ];
    const protocol = places.find(([path]) => path.test(seen.path))?.[1];
    if (!protocol) return answerJson(res, 404, { error: { code: '404', message: 'Resource not found' } });
    const call = seen.body.includes(TOOL_RESULT) ? undefined : { name: 'look_up', input: '{"q":"grüß"}' };
    const stream = spokenStream(protocol, call, TOOL_RESULT);
    return streamPieces(res, protocol === 'openai-chat' ? [FILTERS, stream] : [stream]);
  });
  const { oauth, ...common } = entra();
  gw = await startTestGateway({
    providers: [
      { ...common, id: 'azure', api_key: 'azure-key-value' },
      { ...common, id: 'classic', api_key: 'azure-key-value', api_version: '2024-10-21' },
      entra(),
      { ...common, id: 'wrong', oauth: { ...oauth, client_secret: 'not-the-secret' } },
      { ...common, id: 'twice', api_key: 'a', oauth },
    ],
    retry_wait_max_s: 0,
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
  await tokens.close();
});

for (const client of toolClients) {
  for (const model of ['azure/gpt-5', 'classic/my gpt', 'entra/gpt-5']) {
    test(`a ${client.protocol} client runs a tool with ${model}, streamed`, async () => {
      const { text, q, last } = await client.run(gw, model, true);
      assert.deepEqual([text, q], [TOOL_RESULT, 'grüß']);
      const seen = upstream.requests.at(-1);
      const signedIn = model.startsWith('entra');
      assert.equal(seen?.headers['api-key'], signedIn ? undefined : 'azure-key-value');
      assert.equal(/^Bearer access-token-\d+$/.test(seen?.headers.authorization ?? ''), signedIn);
      const row = await gw.row(last);
      assert.deepEqual([row.outcome, row.input_tokens, row.output_tokens], ['ok', 90, 20]);
    });
  }
}

test('one token serves every turn', () => {
  assert.equal(tokens.forms().length, 1);
});

const ask = (provider: string) => {
  const body = { model: `${provider}/gpt-5`, messages: [{ role: 'user', content: 'x' }], stream: true };
  return post(`${gw.url}/v1/chat/completions`, JSON.stringify(body));
};

test('a token that was taken back before its time is replaced, and the turn goes on', async (t) => {
  let later = 0;
  const clock = { now: () => Date.now() + later, monotonic: () => performance.now() };
  const own = await startTestGateway({ providers: [entra()] }, { clock });
  t.after(() => own.close());
  const body = { model: 'entra/gpt-5', messages: [{ role: 'user', content: 'x' }], stream: true };
  const turn = () => post(`${own.url}/v1/chat/completions`, JSON.stringify(body));
  assert.equal((await turn()).status, 200);
  tokens.takeBack();
  // Fetched just now: another one would be refused as well.
  assert.equal((await turn()).status, 401);
  later = 60_000;
  const answer = await turn();
  assert.equal(answer.status, 200);
  assert.equal((await own.row(answer)).attempts, 2);
});

test('a client that is refused is one clear error without its secret', async () => {
  for (let round = 0; round < 3; round++) {
    const refused = await ask('wrong');
    assert.equal(refused.status, 401);
    assert.match(
      refused.json().error.message,
      /The provider wrong has no access token: .* it refused \(invalid_client\)/,
    );
    assert.ok(!refused.body.toString().includes('not-the-secret'));
  }
  // The endpoint is left alone after a refusal.
  assert.equal(tokens.forms().filter((form) => form['client_secret'] === 'not-the-secret').length, 1);
});

test('a provider with two credentials is not used', async () => {
  const others = await ask('twice');
  assert.notEqual(others.headers['x-vigiles-provider'], 'twice');
});

test('a client that leaves while a token is fetched leaves nothing behind', async (t) => {
  let answerToken = (): void => {};
  const asked = new Promise<void>((resolve) => {
    tokens.upstream.script((_seen, res) => {
      answerToken = () => answerJson(res, 200, { access_token: 'too-late', expires_in: 3600 });
      resolve();
    });
  });
  const own = await startTestGateway({ providers: [entra()] });
  t.after(() => own.close());
  const gone = new AbortController();
  const body = JSON.stringify({ model: 'entra/gpt-5', messages: [{ role: 'user', content: 'x' }] });
  const headers = { authorization: 'Bearer tok-agent', 'content-type': 'application/json' };
  const turn = fetch(`${own.url}/v1/chat/completions`, {
    method: 'POST',
    body,
    headers,
    signal: gone.signal,
  }).catch((thrown: Error) => thrown.name);
  await asked;
  const before = upstream.requests.length;
  gone.abort();
  assert.equal(await turn, 'AbortError');
  const [row] = await own.settled(1);
  assert.equal(row?.outcome, 'client_aborted');
  answerToken();
  // The next turn has the token that was under way; the one that left was never sent.
  const next = await post(`${own.url}/v1/chat/completions`, body);
  assert.equal(next.status, 401);
  assert.equal(upstream.requests.length, before + 1);
  assert.equal(upstream.requests.at(-1)?.headers.authorization, 'Bearer too-late');
});
