import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedUpstream } from '../../../testing/upstreams/scripted-upstream.ts';
import { post, startTestGateway } from '../../../testing/test-gateway.ts';

// decolua/9router#2337
test('counting tokens counts tools, calls and results, so that compaction fires in time', async (t) => {
  const upstream = await startScriptedUpstream((_seen, res) => void res.writeHead(404).end());
  t.after(() => upstream.close());
  const gw = await startTestGateway({
    providers: [{ id: 'chat', type: 'openai-compatible', base_url: upstream.origin }],
  });
  t.after(() => gw.close());
  const long = 'every good boy does fine always. '.repeat(60);
  const count = async (more: object) => {
    const body = { model: 'chat/m', messages: [{ role: 'user', content: 'hi' }], ...more };
    const answer = await post(`${gw.url}/v1/messages/count_tokens`, JSON.stringify(body));
    assert.equal(answer.status, 200, answer.body.toString());
    return (answer.json() as { input_tokens: number }).input_tokens;
  };
  const few = await count({});
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Write', input: { text: long } };
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: long };
  const bare = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' };
  const history = (...blocks: [object, object]) => ({
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: [blocks[0]] },
      { role: 'user', content: [blocks[1]] },
    ],
  });
  const withTools = await count({
    tools: [{ name: 'Write', description: long, input_schema: { type: 'object' } }],
  });
  const withCall = await count(history(call, bare));
  const withBoth = await count(history(call, result));
  assert.ok(withTools > few + 300, `tools: ${withTools}`);
  assert.ok(withCall > few + 300, `a call: ${withCall}`);
  assert.ok(withBoth > withCall + 300, `its result: ${withBoth}`);
});
