import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnRequest } from '../canonical/index.ts';
import { sealSignature } from '../reasoning/index.ts';
import { anthropicMessages } from './index.ts';

function decode(body: object): TurnRequest {
  const decoded = anthropicMessages.decodeRequest({ model: 'm', max_tokens: 100, messages: [], ...body });
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  return decoded.value;
}

function path(body: object): string | undefined {
  const decoded = anthropicMessages.decodeRequest({ model: 'm', ...body });
  assert.ok(!decoded.ok);
  return decoded.error.param;
}

test('a wrong type is one error that names its path', () => {
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
  assert.equal(path(user(5)), 'messages[0].content');
  assert.equal(path(user([{ type: 'text' }])), 'messages[0].content[0].text');
  assert.equal(path(user([{ type: 'tool_result', content: 'x' }])), 'messages[0].content[0].tool_use_id');
  const inner = [
    { type: 'text', text: 'a' },
    { type: 'text', text: 5 },
  ];
  assert.equal(
    path(user([{ type: 'tool_result', tool_use_id: 't', content: inner }])),
    'messages[0].content[0].content[1].text',
  );
  assert.equal(path({ messages: [], max_tokens: 'many' }), 'max_tokens');
  assert.equal(path({ messages: [], system: [{ type: 'text' }] }), 'system[0].text');
});

test('a count_tokens body, which has no max_tokens, is read by the same decoder', () => {
  const decoded = anthropicMessages.decodeRequest({
    model: 'm',
    messages: [{ role: 'user', content: 'x' }],
    tools: [{ name: 'f', input_schema: { type: 'object' } }],
  });
  assert.ok(decoded.ok);
  assert.equal(decoded.value.tools.length, 1);
  assert.equal(decoded.value.maxOutputTokens, undefined);
});

test('system text, blocks and results keep their place and their marks', () => {
  const { messages } = decode({
    system: [{ type: 'text', text: 'rules', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      { role: 'user', content: 'hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'Eq+/=' },
          { type: 'redacted_thinking', data: 'Em==' },
          { type: 'text', text: 'calling' },
          { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 't1',
            is_error: true,
            content: [
              { type: 'text', text: 'bad' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
            ],
          },
          {
            type: 'document',
            title: 'a',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JV' },
          },
          { type: 'text', text: 'go on', cache_control: { type: 'ephemeral' } },
        ],
      },
      { role: 'system', content: 'new rule' },
    ],
  });
  assert.deepEqual(messages, [
    { role: 'system', parts: [{ type: 'text', text: 'rules', cache: { ttl: '1h' } }] },
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    {
      role: 'assistant',
      parts: [
        {
          type: 'reasoning',
          text: 'hm',
          summary: [],
          signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq+/=' },
        },
        {
          type: 'reasoning',
          text: '',
          summary: [],
          signature: { issuer: 'anthropic', kind: 'redacted', data: 'Em==' },
        },
        { type: 'text', text: 'calling' },
        { type: 'tool-call', kind: 'function', id: 't1', name: 'f', input: '{"a":1}' },
      ],
    },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          kind: 'function',
          callId: 't1',
          content: [
            { type: 'text', text: 'bad' },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } },
          ],
          isError: true,
        },
      ],
    },
    {
      role: 'user',
      parts: [
        { type: 'file', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JV' }, filename: 'a' },
        { type: 'text', text: 'go on', cache: {} },
      ],
    },
    { role: 'system', parts: [{ type: 'text', text: 'new rule' }] },
  ]);
});

test('a signature that was sealed for this client comes back with its issuer', () => {
  const signature = { issuer: 'openai', kind: 'encrypted', data: 'gAAA' } as const;
  const content = [{ type: 'thinking', thinking: 'hm', signature: sealSignature(signature) }];
  const part = decode({ messages: [{ role: 'assistant', content }] }).messages[0]?.parts[0];
  assert.deepEqual(part, { type: 'reasoning', text: '', summary: ['hm'], signature });
});

test('tools, server tools and choices are read', () => {
  const request = decode({
    tools: [
      { name: 'f', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral', ttl: '5m' } },
      { type: 'custom', name: 'g', input_schema: { type: 'object' }, strict: true },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    ],
    tool_choice: { type: 'any', disable_parallel_tool_use: true },
  });
  assert.deepEqual(request.tools, [
    { kind: 'function', name: 'f', parameters: { type: 'object' }, cache: { ttl: '5m' } },
    { kind: 'function', name: 'g', parameters: { type: 'object' }, strict: true },
    {
      kind: 'hosted',
      name: 'web_search',
      protocol: 'anthropic-messages',
      raw: { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    },
  ]);
  assert.deepEqual([request.toolChoice, request.parallelToolCalls], [{ type: 'required' }, false]);
  assert.deepEqual(decode({ tool_choice: { type: 'tool', name: 'f' } }).toolChoice, {
    type: 'tool',
    tool: { name: 'f' },
  });
});

test('thinking, effort, format and labels are read', () => {
  const schema = { type: 'object' };
  const request = decode({
    thinking: { type: 'enabled', budget_tokens: 2048 },
    output_config: { format: { type: 'json_schema', schema } },
    metadata: { user_id: 'u' },
    stop_sequences: ['END'],
    cache_control: { type: 'ephemeral' },
    top_k: 5,
  });
  assert.deepEqual(request, {
    model: 'm',
    messages: [],
    tools: [],
    stream: false,
    maxOutputTokens: 100,
    topK: 5,
    stop: ['END'],
    reasoning: { budgetTokens: 2048 },
    responseFormat: { type: 'json-schema', name: 'answer', schema, strict: true },
    user: 'u',
    cache: {},
  });
  assert.deepEqual(decode({ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }).reasoning, {
    effort: 'xhigh',
    adaptive: true,
  });
  assert.deepEqual(decode({ thinking: { type: 'disabled' } }).reasoning, { disabled: true });
  assert.deepEqual(
    decode({ output_format: { type: 'json_schema', schema } }).responseFormat,
    request.responseFormat,
  );
});

test('what a search found and documents made of text are text for every protocol, in messages and in results', () => {
  const found = {
    type: 'search_result',
    source: 'https://example.com/a',
    title: 'A page',
    content: [
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.' },
    ],
    citations: { enabled: true },
  };
  const written = {
    type: 'document',
    title: 'Notes',
    context: 'From May.',
    source: { type: 'content', content: [{ type: 'text', text: 'Inner words.' }] },
  };
  const decoded = anthropicMessages.decodeRequest({
    model: 'm',
    messages: [
      { role: 'user', content: [found, written] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'f', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [found] }] },
    ],
  });
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  const page = { type: 'text', text: 'A page\n\nhttps://example.com/a\n\nOne.\n\nTwo.' };
  assert.deepEqual(decoded.value.messages[0]?.parts, [
    page,
    { type: 'text', text: 'Notes\n\nFrom May.\n\nInner words.' },
  ]);
  const [result] = decoded.value.messages[2]?.parts ?? [];
  assert.deepEqual(result?.type === 'tool-result' && result.content, [page]);
  assert.deepEqual(
    decoded.losses.map(({ path: at, what }) => [at, what]),
    [
      ['messages[0].content[0]', 'citations'],
      ['messages[2].content[0].content[0]', 'citations'],
    ],
  );
  assert.equal(
    path({ messages: [{ role: 'user', content: [{ type: 'image', source: 'x' }] }] }),
    'messages[0].content[0].source',
  );
});

test('what only Anthropic knows of a tool is reported', () => {
  const decoded = anthropicMessages.decodeRequest({
    model: 'm',
    messages: [],
    tools: [
      { name: 'f', input_schema: { type: 'object' }, input_examples: [{}], eager_input_streaming: true },
    ],
  });
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.losses.map(({ path: at, what }) => [at, what]),
    [['tools[0]', 'input_examples']],
  );
});
