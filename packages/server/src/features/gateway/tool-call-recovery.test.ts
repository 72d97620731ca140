import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
let workspace: string;

before(async () => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), 'vigiles-calls-')));
  writeFileSync(join(workspace, 'a.ts'), 'a');
  upstream = await startScriptedUpstream((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const there = { base_url: upstream.origin, api_key: 'sk-upstream' };
  gw = await startTestGateway({
    providers: [
      { id: 'weak', type: 'openai-compatible', ...there },
      { id: 'off', type: 'openai-compatible', repair_tool_calls: false, ...there },
      { id: 'sure', type: 'openai', ...there },
    ],
    routes: [
      { model: 'shy', provider: 'sure', synthesis: 'safe' },
      { model: 'shown', provider: 'weak', synthesis: 'suggest' },
    ],
    synthesis_workspaces: [workspace],
  });
});

after(async () => {
  await gw.close();
  await upstream.close();
  rmSync(workspace, { recursive: true });
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

test('a request that is decoded for that keeps whatever its client sends a server of its own protocol', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion('hi')));
  const own = {
    min_p: 0.05,
    top_k: 20,
    logit_bias: { 5: 1 },
    reasoning_effort: 'high',
    chat_template_kwargs: { enable_thinking: false },
    user: 'somebody',
    metadata: { a: 'b' },
  };
  const answer = await post(`${gw.url}/v1/chat/completions`, ask('weak/m', own));
  const { model: _, messages: __, tools: ___, stream: ____, ...sent } = upstream.requests.at(-1)?.json ?? {};
  assert.deepEqual(sent, own);
  assert.deepEqual((await gw.row(answer)).losses, []);
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

test('what was garbled stands on the turn by the codes of the catalogue, once a code', async () => {
  upstream.script((_seen, res) =>
    answerJson(res, 200, chatCompletion('<tool_call>oops</tool_call>\n\n'.repeat(500))),
  );
  const { faults } = await gw.row(await post(`${gw.url}/v1/chat/completions`, ask('weak/m')));
  assert.deepEqual(
    faults.map(({ fault, recovered }) => [fault, recovered]),
    [['C3', false]],
  );
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion(PIECES.join(''))));
  const put = await gw.row(await post(`${gw.url}/v1/chat/completions`, ask('weak/m')));
  assert.deepEqual(
    put.faults.map(({ fault, recovered }) => [fault, recovered]),
    [
      ['C3', true],
      ['C9', true],
    ],
  );
});

const WISH = 'I need to see it first. Let me read a.ts';

test('a model that only talks gets a call made on a safe route, whole and as a stream', async () => {
  const path = JSON.stringify({ path: join(workspace, 'a.ts') });
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion(WISH)));
  const whole = await post(`${gw.url}/v1/chat/completions`, ask('shy'));
  const [choice] = whole.json().choices;
  assert.equal(choice.finish_reason, 'tool_calls');
  assert.deepEqual(choice.message.tool_calls[0].function, { name: 'read', arguments: path });
  const synthesis = { mode: 'safe', heuristic: 'path', tool: 'read', input: path, delivered: true };
  assert.deepEqual((await gw.row(whole)).synthesis, synthesis);
  upstream.script((_seen, res) =>
    streamPieces(
      res,
      chatStream([WISH.slice(0, 20), WISH.slice(20)]).map((piece) => Buffer.from(piece)),
    ),
  );
  const stream = await post(`${gw.url}/v1/chat/completions`, ask('shy', { stream: true }));
  assert.match(stream.body.toString(), /"finish_reason":"tool_calls"/);
  assert.ok(stream.body.toString().includes(JSON.stringify(path).slice(1, -1)));
  assert.deepEqual((await gw.row(stream)).synthesis, synthesis);
});

test('the fourth call in a row that nobody made is none, but the fault that the model is stuck', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion(WISH)));
  const session = { authorization: 'Bearer tok-agent', 'session-id': 'stuck' };
  for (let turn = 0; turn < 4; turn++) {
    const answer = await post(`${gw.url}/v1/chat/completions`, ask('shy'), session);
    const row = await gw.row(answer);
    assert.equal(row.synthesis === null, turn === 3);
    assert.deepEqual(
      row.faults.map(({ fault }) => fault),
      turn === 3 ? ['C10'] : [],
    );
  }
});

test('a suggestion is written down and changes no word; without a route that asks nothing is thought of', async () => {
  upstream.script((_seen, res) => answerJson(res, 200, chatCompletion(WISH)));
  const shown = await post(`${gw.url}/v1/chat/completions`, ask('shown'));
  assert.equal(shown.json().choices[0].finish_reason, 'stop');
  assert.equal(shown.json().choices[0].message.content, WISH);
  const { synthesis } = await gw.row(shown);
  assert.equal(synthesis?.tool, 'read');
  assert.equal(synthesis?.delivered, false);
  const off = await post(`${gw.url}/v1/chat/completions`, ask('weak/m'));
  assert.equal((await gw.row(off)).synthesis, null);
});
