import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../testing/upstreams/scripted-upstream.ts';
import { chatCompletion, chatStream } from '../../testing/upstreams/chat-answers.ts';
import { post, startTestGateway, type TestGateway } from '../../testing/test-gateway.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const there = { base_url: upstream.origin, api_key: 'sk-upstream' };
  gw = await startTestGateway({
    providers: [
      { id: 'weak', type: 'openai-compatible', ...there },
      { id: 'off', type: 'openai-compatible', repair_tool_calls: false, ...there },
      { id: 'sure', type: 'openai', ...there },
    ],
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

const CALL = '<tool_call>{"name": "read", "arguments": {"file_path": "a", "line": "5"}}</tool_call>';
const PIECES = ['Let me look.\n<tool_', CALL.slice(6, 40), CALL.slice(40)];
const parameters = {
  type: 'object',
  properties: { path: { type: 'string' }, line: { type: 'integer' } },
  required: ['path'],
};
const ask = (model: string, more: object = {}): string =>
  JSON.stringify({
    model,
    messages: [{ role: 'user', content: 'hi' }],
    tools: [{ type: 'function', function: { name: 'read', parameters } }],
    ...more,
  });

test('a call written as text reaches a client of the same protocol as a call, and the ledger says so', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion(PIECES.join(''))));
  const whole = await post(`${gw.url}/v1/chat/completions`, ask('weak/m'));
  const [choice] = JSON.parse(whole.body.toString()).choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  assert.equal(choice.message.content, 'Let me look.\n');
  assert.deepEqual(choice.message.tool_calls[0].function, {
    name: 'read',
    arguments: '{"path":"a","line":5}',
  });
  const { repairs } = await gw.row(whole);
  assert.deepEqual(
    repairs.map(({ kind }) => kind),
    ['text-call', 'argument-name', 'argument-type'],
  );
});

test('the same holds for a stream, also across protocols', async () => {
  upstream.script((_seen, res) =>
    streamPieces(
      res,
      chatStream(PIECES).map((piece) => Buffer.from(piece)),
    ),
  );
  const chat = await post(`${gw.url}/v1/chat/completions`, ask('weak/m', { stream: true }));
  assert.match(chat.body.toString(), /"tool_calls":\[\{/);
  assert.doesNotMatch(chat.body.toString(), /<tool_/);
  assert.equal((await gw.row(chat)).repairs.length, 3);
  const messages = await post(
    `${gw.url}/v1/messages`,
    JSON.stringify({
      model: 'weak/m',
      max_tokens: 9,
      stream: true,
      messages: [{ role: 'user', content: 'hi' }],
      tools: [{ name: 'read', input_schema: parameters }],
    }),
  );
  assert.match(messages.body.toString(), /"type":"tool_use"/);
  assert.match(messages.body.toString(), /"stop_reason":"tool_use"/);
});

test('without tools, with repair switched off, and from a provider sure of its calls, no byte is touched', async () => {
  const body = JSON.stringify(chatCompletion(PIECES.join('')), null, 2);
  upstream.script((_seen, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(body);
  });
  for (const asked of [ask('weak/m', { tools: undefined }), ask('off/m'), ask('sure/m')]) {
    const answer = await post(`${gw.url}/v1/chat/completions`, asked);
    assert.equal(answer.body.toString(), body);
    assert.deepEqual((await gw.row(answer)).repairs, []);
  }
});
