import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chatStream } from '../../testing/upstreams/chat-answers.ts';
import { brokenRule } from '../../testing/upstreams/provider-rules.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';

/** Chat streams whose client did not ask for usage: the ledger knows it all the same, and the client sees no difference. */

let upstream: ScriptedUpstream;
let gw: TestGateway;
/** How the provider's bytes are cut. */
let cut = 1_000_000;

const WORDS = ['grü', 'ße \\"usage\\":{', '👋🏽'];
const withUsage = chatStream(WORDS);
const withoutUsage = withUsage.filter((event) => !event.includes('"choices":[]'));

before(async () => {
  // Sends usage only to those who ask, as OpenAI does.
  upstream = await startScriptedUpstream((seen, res) => {
    const broken = brokenRule(seen);
    if (broken !== null) return answerJson(res, 400, { error: { message: broken } });
    const options = seen.json?.['stream_options'] as { include_usage?: boolean } | undefined;
    const bytes = Buffer.from((options?.include_usage ? withUsage : withoutUsage).join(''));
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += cut) pieces.push(bytes.subarray(at, at + cut));
    return streamPieces(res, pieces);
  });
  const address = { base_url: `${upstream.origin}/v1`, api_key: 'sk' };
  gw = await startTestGateway({
    providers: [
      { id: 'known', type: 'groq', repair_tool_calls: false, ...address },
      { id: 'mistral', type: 'mistral', repair_tool_calls: false, ...address },
      { id: 'unknown', type: 'openai-compatible', repair_tool_calls: false, ...address },
    ],
    routes: [{ model: 'alias', provider: 'known', upstream_model: 'real-model' }],
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const ask = (model: string, more: object = {}) =>
  post(
    `${gw.url}/v1/chat/completions`,
    JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }], stream: true, ...more }),
  );

test('tokens are known although the client did not ask for them, and its stream has no extra chunk, however it is cut', async () => {
  for (cut of [1, 7, 100, 1_000_000]) {
    const answer = await ask('known/m');
    assert.equal(answer.body.toString(), withoutUsage.join(''), `pieces of ${cut} bytes`);
    const row = await gw.row(answer);
    assert.deepEqual([row.outcome, row.input_tokens, row.output_tokens], ['ok', 100, 20]);
    assert.deepEqual(upstream.requests.at(-1)?.json?.['stream_options'], { include_usage: true });
  }
});

test('usage is asked for where the model is renamed, too', async () => {
  const answer = await ask('alias', { stream_options: { include_usage: false, include_obfuscation: false } });
  assert.equal(answer.body.toString(), withoutUsage.join(''));
  assert.equal((await gw.row(answer)).output_tokens, 20);
  const sent = upstream.requests.at(-1)?.json;
  assert.equal(sent?.['model'], 'real-model');
  assert.deepEqual(sent?.['stream_options'], { include_usage: true, include_obfuscation: false });
});

test('a client that asks for usage gets it, byte for byte', async () => {
  const answer = await ask('known/m', { stream_options: { include_usage: true } });
  assert.equal(answer.body.toString(), withUsage.join(''));
});

test('a provider that is not known to take the option is not sent it', async () => {
  const answer = await ask('unknown/m');
  assert.equal(answer.body.toString(), withoutUsage.join(''));
  assert.equal(upstream.requests.at(-1)?.json?.['stream_options'], undefined);
  // Its stream is told anew: requests to Mistral are rewritten to its rules.
  await ask('mistral/m');
  assert.equal(upstream.requests.at(-1)?.json?.['stream_options'], undefined);
});
