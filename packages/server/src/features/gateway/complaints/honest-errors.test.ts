import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chatStream } from '../../../testing/upstreams/chat-answers.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => void res.end());
  gw = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
  });
});

after(async () => {
  await gw?.close();
  await upstream.close();
});

const messages = [{ role: 'user', content: 'hi' }];
/** Each client's streamed request, and what an error looks like in its stream. */
const clients: Record<string, { path: string; body: object; error: RegExp }> = {
  chat: { path: '/v1/chat/completions', body: { messages }, error: /data: \{"error":\{/ },
  responses: { path: '/v1/responses', body: { input: 'hi' }, error: /"type":"response\.failed"/ },
  messages: { path: '/v1/messages', body: { messages, max_tokens: 9 }, error: /event: error\ndata:/ },
};

// diegosouzapw/OmniRoute PR#8210
for (const [name, { path, body, error }] of Object.entries(clients)) {
  test(`an error chunk inside HTTP 200, after words, is an error to a ${name} client and never an empty success`, async () => {
    const [role = '', word = ''] = chatStream(['one']);
    const failed = `data: ${JSON.stringify({ error: { message: 'the engine died', type: 'server_error' } })}\n\n`;
    upstream.script((_seen, res) => streamPieces(res, [role, word, failed, 'data: [DONE]\n\n']));
    const answer = await post(`${gw.url}${path}`, JSON.stringify({ model: 'chat/m', stream: true, ...body }));
    assert.match(answer.body.toString(), error);
    assert.match(answer.body.toString(), /the engine died/);
    const row = await gw.row(answer);
    assert.equal(row.outcome, 'upstream_error');
  });
}

// tensorzero#3678
test('a 429 says whose limit it was: the provider’s or the gateway’s', async () => {
  upstream.script((_seen, res) =>
    answerJson(
      res,
      429,
      { error: { message: 'slow down', type: 'rate_limit_error' } },
      { 'retry-after': '77' },
    ),
  );
  const body = JSON.stringify({ model: 'chat/m', messages });
  const theirs = await post(`${gw.url}/v1/chat/completions`, body);
  assert.deepEqual(
    [theirs.status, theirs.headers['x-vigiles-error-source'], theirs.headers['retry-after']],
    [429, 'upstream', '77'],
  );
  const strict = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
    requests_per_minute: 1,
  });
  await post(`${strict.url}/v1/chat/completions`, body);
  const ours = await post(`${strict.url}/v1/chat/completions`, body);
  await strict.close();
  assert.deepEqual([ours.status, ours.headers['x-vigiles-error-source']], [429, 'gateway']);
  assert.match(String(ours.headers['retry-after']), /^\d+$/);
});
