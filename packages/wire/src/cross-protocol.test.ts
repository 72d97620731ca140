import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type {
  FinishReason,
  ToolDefinition,
  TurnEvent,
  TurnRequest,
  TurnResponse,
  Usage,
} from './canonical/index.ts';
import { protocols } from './index.ts';
import type { EncodeTarget, Protocol } from './protocol.ts';
import { fixtureTools } from './testing/tools.ts';
import {
  answerContext,
  decodeBytes,
  decodeContext,
  encodeEvents,
  foldTurn,
  type FoldedTurn,
} from './testing/turn.ts';
import { createToolNames } from './tools/index.ts';

const {
  'openai-responses': responses,
  'openai-chat': chat,
  'anthropic-messages': messages,
  gemini,
} = protocols;
const tools: ToolDefinition[] = [
  ...fixtureTools,
  { kind: 'tool-search', name: 'tool_search', parameters: {} },
];

function decodeFixture(protocol: Protocol, file: string, issuer: string): TurnEvent[] {
  const bytes = readFileSync(new URL(`./${protocol.name}/__fixtures__/${file}`, import.meta.url));
  return decodeBytes(protocol, bytes, decodeContext(createToolNames(tools), issuer));
}

/** The nearest thing a client protocol can say to a finish reason. */
function sayable(
  finish: FinishReason | undefined,
  client: Protocol,
  turn: FoldedTurn,
): FinishReason | undefined {
  if (client === gemini) {
    if (finish === 'refusal') return 'content-filter';
    return finish === 'stop-sequence' || finish === 'pause' ? 'stop' : finish;
  }
  const refused = turn.parts.some((part) => part.type === 'refusal');
  if (client === messages) {
    if (finish === 'content-filter') return 'refusal';
    return finish === 'unknown' ? 'stop' : finish;
  }
  if (finish === 'refusal' && !refused) return client === chat ? 'content-filter' : 'stop';
  return finish === 'stop-sequence' || finish === 'pause' || finish === 'unknown' ? 'stop' : finish;
}

/** Usage without the fields that not every protocol has; absent ones count as zero. */
function comparable(usage: Usage | undefined, client: Protocol): unknown {
  return [
    usage?.inputTokens ?? 0,
    usage?.outputTokens ?? 0,
    usage?.cachedInputTokens ?? 0,
    client === gemini ? 0 : (usage?.cacheWriteTokens ?? 0),
    usage?.reasoningTokens ?? 0,
  ];
}

for (const provider of Object.values(protocols)) {
  for (const client of Object.values(protocols)) {
    test(`the end and the usage of every ${provider.name} stream reach a ${client.name} client`, () => {
      const files = readdirSync(new URL(`./${provider.name}/__fixtures__/`, import.meta.url));
      for (const file of files.filter((name) => name.endsWith('.sse'))) {
        const events = decodeFixture(provider, file, 'maker');
        const wanted = foldTurn(events);
        if (wanted.error) continue;
        const text = encodeEvents(client, events, answerContext(tools));
        const context = decodeContext(createToolNames(tools));
        const turn = foldTurn(decodeBytes(client, new TextEncoder().encode(text), context));
        assert.equal(turn.finish, sayable(wanted.finish, client, wanted), file);
        assert.deepEqual(comparable(turn.usage, client), comparable(wanted.usage, client), file);
      }
    });
  }
}

/** The next request of a client that got an answer and ran its calls. */
function replay(client: Protocol, turn: FoldedTurn): TurnRequest {
  const response: TurnResponse = {
    id: 'x',
    model: 'm',
    createdAt: 1,
    parts: turn.parts,
    finish: turn.finish ?? 'stop',
  };
  const answer = client.encodeResponse(response, answerContext(tools)) as Record<string, unknown>;
  const results = turn.parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
  const body =
    client === responses
      ? {
          model: 'm',
          input: [
            { role: 'user', content: 'go' },
            ...(answer.output as object[]),
            ...results.map((id) => ({ type: 'function_call_output', call_id: id, output: 'done' })),
            { role: 'user', content: 'next' },
          ],
        }
      : {
          model: 'm',
          max_tokens: 100,
          messages: [
            { role: 'user', content: 'go' },
            { role: 'assistant', content: answer.content },
            {
              role: 'user',
              content: [
                ...results.map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
                { type: 'text', text: 'next' },
              ],
            },
          ],
        };
  const decoded = client.decodeRequest(JSON.parse(JSON.stringify(body)));
  assert.ok(decoded.ok, JSON.stringify(decoded));
  return decoded.value;
}

const target = (issuer: string): EncodeTarget => ({ model: 'claude-sonnet-4-5', issuer });

test('Anthropic thinking goes through a Codex-like client and back byte for byte, to its issuer only', () => {
  const turn = foldTurn(decodeFixture(messages, 'thinking-parallel-calls.sse', 'anthropic-eu'));
  const request = replay(responses, turn);
  const back = messages.encodeRequest(request, target('anthropic-eu'));
  const written = back.body.messages as { role: string; content: { type: string }[] }[];
  assert.deepEqual(written[1]?.content.slice(0, 2), [
    { type: 'thinking', thinking: 'I need two calls.', signature: 'EqQBCgIYAhIM+/==' },
    { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va==' },
  ]);
  const elsewhere = messages.encodeRequest(request, target('anthropic-us'));
  assert.equal(JSON.stringify(elsewhere.body).includes('EqQBCgIYAhIM'), false);
  assert.equal(
    elsewhere.losses.some(({ what }) => what === 'reasoning of another provider'),
    true,
  );
  const toChat = chat.encodeRequest(request, { model: 'm', issuer: 'deepseek' });
  assert.equal(JSON.stringify(toChat.body).includes('EqQBCgIYAhIM'), false);
});

test('OpenAI reasoning goes through a Messages client and back byte for byte, to its issuer only', () => {
  const turn = foldTurn(decodeFixture(responses, 'reasoning-summary-encrypted.sse', 'openai-1'));
  const made = turn.parts.find((part) => part.type === 'reasoning');
  assert.ok(made?.type === 'reasoning' && made.signature);
  const request = replay(messages, turn);
  const back = responses.encodeRequest(request, { model: 'm', issuer: 'openai-1' });
  const item = (back.body.input as Record<string, unknown>[]).find(({ type }) => type === 'reasoning');
  assert.equal(item?.encrypted_content, made.signature.data);
  assert.equal(item?.content, undefined);
  const elsewhere = messages.encodeRequest(request, target('anthropic'));
  assert.equal(JSON.stringify(elsewhere.body).includes(made.signature.data), false);
});

/** A second turn of Codex in its code-mode shape: tools inside the input, freeform calls, fields nobody else knows. */
const codexBody = {
  model: 'gpt-6-sol',
  stream: true,
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: 'thread-1',
  client_metadata: { a: 'b' },
  tool_choice: 'auto',
  parallel_tool_calls: false,
  text: { verbosity: 'low' },
  input: [
    {
      type: 'additional_tools',
      role: 'developer',
      tools: [
        {
          type: 'namespace',
          name: 'functions',
          description: 'd',
          tools: [
            { type: 'custom', name: 'exec', description: 'Runs JavaScript.', format: { type: 'text' } },
          ],
        },
        {
          type: 'namespace',
          name: 'clock',
          description: 'd',
          tools: [
            {
              type: 'function',
              name: 'sleep',
              parameters: { type: 'object', properties: {} },
              strict: false,
            },
          ],
        },
      ],
    },
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'base rules' }] },
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'sandbox rules' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] },
    {
      type: 'custom_tool_call',
      call_id: 'call_1',
      namespace: 'functions',
      name: 'exec',
      input: 'say("é")\n',
    },
    { type: 'function_call', call_id: 'call_2', namespace: 'clock', name: 'sleep', arguments: '{}' },
    { type: 'custom_tool_call_output', call_id: 'call_1', output: 'é' },
    {
      type: 'function_call_output',
      call_id: 'call_2',
      output: [
        { type: 'input_text', text: 'slept' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
      ],
    },
  ],
};

function codexRequest(): TurnRequest {
  const decoded = responses.decodeRequest(codexBody);
  assert.ok(decoded.ok);
  return decoded.value;
}

test('a Codex request becomes a Chat request that strict backends take', () => {
  const { body, names } = chat.encodeRequest(codexRequest(), { model: 'm', issuer: 'x' });
  const written = body.messages as Record<string, unknown>[];
  assert.deepEqual(
    written.map(({ role }) => role),
    ['system', 'user', 'assistant', 'tool', 'tool', 'user'],
  );
  assert.equal(written[0]?.content, 'base rules\n\nsandbox rules');
  assert.deepEqual(written[2]?.tool_calls, [
    {
      id: 'call_1',
      type: 'function',
      function: { name: 'functions__exec', arguments: '{"input":"say(\\"é\\")\\n"}' },
    },
    { id: 'call_2', type: 'function', function: { name: 'clock__sleep', arguments: '{}' } },
  ]);
  assert.deepEqual(Object.keys(body).toSorted(), [
    'messages',
    'model',
    'parallel_tool_calls',
    'stream',
    'stream_options',
    'tool_choice',
    'tools',
  ]);
  assert.deepEqual(names.restore('functions__exec'), {
    kind: 'custom',
    name: 'exec',
    namespace: 'functions',
  });
});

test('a Codex request becomes a Messages request', () => {
  const { body } = messages.encodeRequest(codexRequest(), target('anthropic'));
  assert.deepEqual(body.system, [
    { type: 'text', text: 'base rules' },
    { type: 'text', text: 'sandbox rules' },
  ]);
  assert.deepEqual(body.messages, [
    { role: 'user', content: 'go' },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 'call_1', name: 'functions__exec', input: { input: 'say("é")\n' } },
        { type: 'tool_use', id: 'call_2', name: 'clock__sleep', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'call_1', content: 'é' },
        {
          type: 'tool_result',
          tool_use_id: 'call_2',
          content: [
            { type: 'text', text: 'slept' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ],
        },
      ],
    },
  ]);
  assert.deepEqual(body.tool_choice, { type: 'auto', disable_parallel_tool_use: true });
});

test('a Codex compaction, which has no tools left, reaches both kinds of backend without tool settings', () => {
  const input = [
    ...codexBody.input.slice(1),
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Summarise.' }] },
  ];
  const decoded = responses.decodeRequest({ ...codexBody, tools: [], input });
  assert.ok(decoded.ok);
  const toChat = chat.encodeRequest(decoded.value, { model: 'm', issuer: 'x' }).body;
  assert.deepEqual(
    [toChat.tools, toChat.tool_choice, toChat.parallel_tool_calls],
    [undefined, undefined, undefined],
  );
  const toMessages = messages.encodeRequest(decoded.value, target('anthropic')).body;
  assert.deepEqual(toMessages.tool_choice, { type: 'none' });
});
