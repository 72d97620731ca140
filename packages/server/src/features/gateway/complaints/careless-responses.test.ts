import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { chatStream } from '../../../testing/upstreams/chat-answers.ts';
import {
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';
import { post, startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => void res.end());
  gw = await startTestGateway({
    providers: [
      { id: 'chat', type: 'openai-compatible', base_url: upstream.origin },
      {
        id: 'careless',
        type: 'openai',
        protocol: 'openai-responses',
        base_url: upstream.origin,
        api_key: 'k',
      },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gw.url, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw?.close();
  await upstream.close();
});

const events = (...list: object[]) => list.map((data) => `data: ${JSON.stringify(data)}\n\n`);
const tools = [{ name: 'Bash', input_schema: { type: 'object' as const } }];
const messages = [{ role: 'user' as const, content: 'go' }];

// BerriAI/litellm#22102, BerriAI/litellm#27144, Oaklight/llm-rosetta#56
test('a Responses provider that leaves out added events, indices, ids and deltas loses neither text nor arguments', async () => {
  upstream.script((_seen, res) =>
    streamPieces(
      res,
      events(
        { type: 'response.created', response: {} },
        { type: 'response.output_text.delta', delta: 'Hello ' },
        { type: 'response.output_text.delta', delta: 'there' },
        {
          type: 'response.output_item.added',
          output_index: 1,
          item: { type: 'function_call', call_id: 'call_1', name: 'Bash', arguments: '' },
        },
        { type: 'response.function_call_arguments.done', output_index: 1, arguments: '{"cmd":"ls"}' },
        { type: 'response.completed', response: { status: 'completed' } },
      ),
    ),
  );
  const claude = await anthropic.messages
    .stream({ model: 'careless/m', max_tokens: 100, messages, tools })
    .finalMessage();
  const [text, call] = claude.content;
  assert.equal(text?.type === 'text' && text.text, 'Hello there');
  assert.deepEqual(call?.type === 'tool_use' && call.input, { cmd: 'ls' });
  const chat = await openai.chat.completions
    .stream({ model: 'careless/m', messages, tools: [{ type: 'function', function: { name: 'Bash' } }] })
    .finalChatCompletion();
  assert.equal(chat.choices[0]?.message.content, 'Hello there');
  const [called] = chat.choices[0]?.message.tool_calls ?? [];
  assert.equal(called?.type === 'function' && called.function.arguments, '{"cmd":"ls"}');
});

// maximhq/bifrost#891, 7836246/cursor2api#116
test('a Responses client is told types inside the data, a whole nested response, and usage with every detail', async () => {
  const plain = chatStream(['Hi']).map((event) => event.replace(/,"prompt_tokens_details":\{[^}]*\}/, ''));
  upstream.script((_seen, res) => streamPieces(res, plain));
  const answer = await post(
    `${gw.url}/v1/responses`,
    JSON.stringify({ model: 'chat/m', input: 'hi', stream: true }),
  );
  const told = answer.body
    .toString()
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as {
        type: string;
        sequence_number: number;
        response?: OpenAI.Responses.Response;
      };
      assert.equal(data.type, name);
      return data;
    });
  assert.deepEqual(
    told.map(({ sequence_number }) => sequence_number),
    told.map((_, at) => at),
  );
  const last = told.at(-1)?.response;
  assert.equal(told.at(-1)?.type, 'response.completed');
  assert.ok(last?.id && last.model === 'chat/m' && last.output.length === 1);
  assert.equal(typeof last.usage?.input_tokens_details.cached_tokens, 'number');
  assert.equal(typeof last.usage?.output_tokens_details.reasoning_tokens, 'number');
  assert.equal(last.usage?.total_tokens, 120);
});

// QuantumNous/new-api#7241
test('the usage of an answer that was cut for length is counted, passed through and translated', async () => {
  const usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };
  const response = { id: 'resp_1', object: 'response', model: 'm', output: [] };
  const incomplete_details = { reason: 'max_output_tokens' };
  upstream.script((_seen, res) =>
    streamPieces(
      res,
      events(
        { type: 'response.created', response: { ...response, status: 'in_progress' } },
        { type: 'response.output_text.delta', output_index: 0, item_id: 'msg_1', delta: 'Half an ans' },
        {
          type: 'response.incomplete',
          response: { ...response, status: 'incomplete', incomplete_details, usage },
        },
      ),
    ),
  );
  const requests: [string, object][] = [
    ['/v1/responses', { input: 'hi' }],
    ['/v1/messages', { messages, max_tokens: 20 }],
  ];
  for (const [path, body] of requests) {
    const answer = await post(
      `${gw.url}${path}`,
      JSON.stringify({ model: 'careless/m', stream: true, ...body }),
    );
    const row = await gw.row(answer);
    assert.deepEqual([row.input_tokens, row.output_tokens], [100, 20], path);
  }
});
