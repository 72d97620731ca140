import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import OpenAI from 'openai';
import { createSseParser } from '@vigiles/wire';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';
import { chatCompletion, chatStream } from '../../../testing/upstreams/chat-answers.ts';
import { brokenRule } from '../../../testing/upstreams/provider-rules.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type Script,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';

const SUMMARY = 'The user wants a — grüne — cat. Next: draw it.';

const answering: Script = (seen, res) => {
  const broken = brokenRule(seen);
  if (broken !== null) return answerJson(res, 400, { error: { message: broken } });
  if (seen.path.endsWith('/responses/compact')) {
    const output = [{ type: 'compaction', id: 'cmp_1', encrypted_content: 'native' }];
    return answerJson(res, 200, {
      id: 'resp_c',
      object: 'response.compaction',
      created_at: 1,
      output,
      usage: null,
    });
  }
  if (seen.json?.['stream'] === true) return streamPieces(res, chatStream(SUMMARY.split(/(?= )/)));
  return answerJson(res, 200, chatCompletion(SUMMARY));
};

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;

before(async () => {
  upstream = await startScriptedUpstream(answering);
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'oai', type: 'openai', base_url: `${upstream.origin}/v1`, api_key: 'sk-o' },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.script(answering);
  upstream.requests.length = 0;
});

const tools = [
  { type: 'function' as const, name: 'draw', parameters: { type: 'object', properties: {} }, strict: false },
];
const call = [
  { type: 'function_call', call_id: 'c1', name: 'draw', arguments: '{}' },
  { type: 'function_call_output', call_id: 'c1', output: 'drawn' },
];
const history = [{ role: 'user', content: 'Draw a cat.' }, ...call];
const request = (more: object = {}) => ({
  model: 'chat/m',
  tools,
  tool_choice: 'auto',
  parallel_tool_calls: false,
  store: false,
  input: [...history, { type: 'compaction_trigger' }],
  ...more,
});

interface Item {
  type: string;
  id: string;
  encrypted_content: string;
}

async function compacted(): Promise<Item> {
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify(request()));
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.json().output[0];
}

// lidge-jun/opencodex#422
test('a trigger is answered with exactly one compaction item, streamed', async () => {
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify(request({ stream: true })));
  assert.equal(answer.status, 200);
  const events = createSseParser()
    .push(answer.body)
    .map(({ data }) => JSON.parse(data));
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.output_item.done',
      'response.completed',
    ],
  );
  assert.deepEqual(
    events.map(({ sequence_number }) => sequence_number),
    [0, 1, 2, 3, 4],
  );
  const { response } = events[4];
  assert.equal(response.output.length, 1);
  assert.deepEqual(response.output[0], events[3].item);
  assert.match(response.output[0].encrypted_content, /^vgl1\./);
  assert.equal(response.usage.total_tokens, 120);
  const row = await gw.row(answer);
  assert.equal(row.outcome, 'ok');
  assert.equal(row.input_tokens, 100, 'a turn like any other');
});

test('the model is asked for a summary of the whole history and offered no call', async () => {
  await compacted();
  const body = upstream.requests[0]?.json as {
    messages: { role: string; content: string }[];
    tools: unknown[];
    tool_choice: unknown;
  };
  assert.deepEqual(
    body.messages.map(({ role }) => role),
    ['user', 'assistant', 'tool', 'user'],
  );
  assert.match(body.messages.at(-1)?.content ?? '', /handover note/);
  assert.equal(body.tools.length, 1);
  assert.equal(body.tool_choice, 'none');
  assert.equal(upstream.requests[0]?.body.includes('compaction_trigger'), false);
});

test('a compaction that comes back is the summary again, for every provider', async () => {
  const item = await compacted();
  for (const model of ['chat/m', 'oai/gpt-5']) {
    upstream.requests.length = 0;
    await post(
      `${gw.url}/v1/responses`,
      JSON.stringify({ model, store: false, input: [item, { role: 'user', content: 'Go on.' }] }),
    );
    const sent = upstream.requests[0]?.body.toString() ?? '';
    assert.ok(sent.includes(SUMMARY), sent);
    assert.equal(sent.includes('vgl1.'), false);
  }
});

test('after a kept compaction a follow-up carries the summary and not what it replaced', async () => {
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify(request({ store: true })));
  await openai.responses.create({ model: 'chat/m', input: 'Go on.', previous_response_id: answer.json().id });
  const messages = (upstream.requests[1]?.json?.['messages'] ?? []) as { content: string }[];
  assert.equal(messages.length, 2);
  assert.ok(messages[0]?.content.includes(SUMMARY));
});

test('a model that writes no summary is a failure, not an empty history', async () => {
  upstream.script((seen, res) =>
    seen.json?.['stream'] === true
      ? streamPieces(res, chatStream([]))
      : answerJson(res, 200, chatCompletion('')),
  );
  const streamed = await post(`${gw.url}/v1/responses`, JSON.stringify(request({ stream: true })));
  assert.match(streamed.body.toString(), /response\.failed[\s\S]*no summary/);
  const whole = await post(`${gw.url}/v1/responses`, JSON.stringify(request()));
  assert.equal(whole.status, 502);
  assert.match(whole.json().error.message, /no summary/);
});

test('a provider’s refusal of the summary arrives as its error', async () => {
  upstream.script((_seen, res) =>
    answerJson(res, 400, { error: { message: 'no', code: 'context_length_exceeded' } }),
  );
  const answer = await post(`${gw.url}/v1/responses`, JSON.stringify(request({ stream: true })));
  assert.equal(answer.status, 400);
  assert.equal(answer.json().error.code, 'context_length_exceeded');
});

test('the compact endpoint answers with the user’s messages and one compaction', async () => {
  const made = await openai.responses.compact({
    model: 'chat/m',
    input: history as OpenAI.Responses.ResponseInput,
  });
  assert.equal(made.object, 'response.compaction');
  assert.deepEqual(
    made.output.map(({ type }) => type),
    ['message', 'compaction'],
  );
  assert.equal(made.usage.total_tokens, 120);
  const next = await openai.responses.create({
    model: 'chat/m',
    input: [...made.output, { role: 'user', content: 'Go on.' }] as OpenAI.Responses.ResponseInput,
  });
  assert.equal(next.status, 'completed');
  const sent = upstream.requests[1]?.body.toString() ?? '';
  assert.ok(sent.includes(SUMMARY) && sent.includes('Draw a cat.'));
});

test('the compact endpoint goes on from a kept response', async () => {
  const first = await openai.responses.create({ model: 'chat/m', input: 'Draw a dog.' });
  const made = await openai.responses.compact({ model: 'chat/m', previous_response_id: first.id });
  assert.ok(JSON.stringify(made.output).includes('Draw a dog.'));
});

test('a provider that compacts by itself does so, byte for byte', async () => {
  const body = JSON.stringify({ model: 'gpt-5', input: 'hi' });
  const answer = await post(`${gw.url}/v1/responses/compact`, body.replace('gpt-5', 'oai/gpt-5'));
  assert.equal(answer.json().output[0].encrypted_content, 'native');
  assert.equal(upstream.requests[0]?.path, '/v1/responses/compact');
  assert.equal(upstream.requests[0]?.body.toString(), body);
  upstream.requests.length = 0;
  await post(`${gw.url}/v1/responses`, JSON.stringify(request({ model: 'oai/gpt-5' })));
  assert.ok(upstream.requests[0]?.body.includes('compaction_trigger'));
});

test('a history that is none is refused where it is wrong, and is no failure of ours', async () => {
  for (const [input, param] of [
    [5, 'input'],
    [[null], 'input[0]'],
    [{ a: 1 }, 'input'],
  ] as const) {
    const answer = await post(`${gw.url}/v1/responses/compact`, JSON.stringify({ model: 'chat/m', input }));
    assert.deepEqual([answer.status, answer.json().error.param], [400, param]);
  }
  assert.equal(upstream.requests.length, 0);
});
