import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { brokenRule } from '../../../testing/upstreams/provider-rules.ts';
import {
  answerJson,
  startScriptedUpstream,
  streamPieces,
  type ScriptedUpstream,
} from '../../../testing/upstreams/scripted-upstream.ts';
import { messagesStream } from '../../../testing/upstreams/messages-answers.ts';
import { startTestGateway, type TestGateway } from '../../../testing/test-gateway.ts';

let upstream: ScriptedUpstream;
let gw: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

before(async () => {
  upstream = await startScriptedUpstream((_seen, res) => void res.end());
  gw = await startTestGateway({
    providers: [
      { id: 'local', type: 'openai-compatible', base_url: upstream.origin },
      { id: 'claude', type: 'anthropic', base_url: upstream.origin, api_key: 'k' },
    ],
  });
  openai = new OpenAI({ baseURL: `${gw.url}/v1`, apiKey: 'tok-agent', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: gw.url, apiKey: 'tok-agent', maxRetries: 0 });
});

after(async () => {
  await gw?.close();
  await upstream.close();
});

/** A Chat stream of one call, as a server that is careless about `id` and `finish` writes it. */
function callStream(id: string, name: string, args: string, finish: string): string[] {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  return [
    chunk({ role: 'assistant', content: null }),
    chunk({ tool_calls: [{ index: 0, id, type: 'function', function: { name, arguments: args } }] }),
    chunk({}, finish),
    'data: [DONE]\n\n',
  ];
}

const parameters = { type: 'object' as const, properties: { cmd: { type: 'string' } } };
const chatTools = [{ type: 'function' as const, function: { name: 'Bash', parameters } }];
const claudeTools = [{ name: 'Bash', input_schema: parameters }];

// anomalyco/opencode#14972, vercel/ai#12218
test('calls that a server ends with "stop" still tell the client to run them', async () => {
  upstream.script((_seen, res) => streamPieces(res, callStream('call_1', 'Bash', '{"cmd":"ls"}', 'stop')));
  const messages = [{ role: 'user' as const, content: 'go' }];
  const chat = await openai.chat.completions
    .stream({ model: 'local/m', messages, tools: chatTools })
    .finalChatCompletion();
  assert.equal(chat.choices[0]?.finish_reason, 'tool_calls');
  const claude = await anthropic.messages
    .stream({ model: 'local/m', max_tokens: 100, messages, tools: claudeTools })
    .finalMessage();
  assert.equal(claude.stop_reason, 'tool_use');
});

// maximhq/bifrost#5097
test('an id that one model made does not poison the turns of another', async () => {
  upstream.script((_seen, res) =>
    streamPieces(res, callStream('functions.Bash:0', 'Bash', '{"cmd":"ls"}', 'tool_calls')),
  );
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'go' }];
  const ask = { max_tokens: 100, tools: claudeTools };
  const first = await anthropic.messages.stream({ ...ask, model: 'local/m', messages }).finalMessage();
  const call = first.content.find((block) => block.type === 'tool_use');
  assert.ok(call);
  messages.push(
    { role: 'assistant', content: first.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'a.txt' }] },
  );
  // Anthropic itself refuses any other id, here and in every later turn.
  upstream.script((seen, res) => {
    const broken = brokenRule(seen) ?? (/"id":"(?![a-zA-Z0-9_-]+")/.test(seen.body.toString()) ? 'id' : null);
    if (broken) return answerJson(res, 400, { error: { type: 'invalid_request_error', message: broken } });
    return streamPieces(res, messagesStream(['done']));
  });
  const second = await anthropic.messages.stream({ ...ask, model: 'claude/m', messages }).finalMessage();
  assert.equal(second.stop_reason, 'end_turn');
});

// maximhq/bifrost#3362
test('tools reach the provider in the client’s order, the same in every turn, so that caches hold', async () => {
  const names = ['zeta', 'Bash', 'alpha', 'mcp__x__b', 'mcp__x__a', 'Read', '10', '9'];
  const tools = names.map((name) => ({ name, input_schema: parameters }));
  upstream.script((_seen, res) => streamPieces(res, callStream('call_1', 'Bash', '{}', 'tool_calls')));
  const bodies: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const messages = [{ role: 'user' as const, content: 'go' }];
    await anthropic.messages.stream({ model: 'local/m', max_tokens: 100, messages, tools }).finalMessage();
    const sent = upstream.requests.at(-1)?.json?.['tools'] as { function: { name: string } }[];
    assert.deepEqual(
      sent.map((tool) => tool.function.name),
      names,
    );
    bodies.push(JSON.stringify(sent));
  }
  assert.equal(new Set(bodies).size, 1);
});

// BerriAI/litellm#27144, NousResearch/hermes-agent#62940
test('calls that all arrive as index 0, whole and without ids, keep their own arguments', async () => {
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const call = (cmd: string) => ({
    index: 0,
    function: { name: 'Bash', arguments: JSON.stringify({ cmd }) },
  });
  upstream.script((_seen, res) =>
    streamPieces(res, [
      chunk({ tool_calls: [call('one')] }),
      chunk({ tool_calls: [call('two')] }),
      chunk({}, 'tool_calls'),
      'data: [DONE]\n\n',
    ]),
  );
  const claude = await anthropic.messages
    .stream({
      model: 'local/m',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'go' }],
      tools: claudeTools,
    })
    .finalMessage();
  const inputs = claude.content.flatMap((block) => (block.type === 'tool_use' ? [block.input] : []));
  assert.deepEqual(inputs, [{ cmd: 'one' }, { cmd: 'two' }]);
});
