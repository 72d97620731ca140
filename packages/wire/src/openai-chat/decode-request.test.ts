import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssistantPart, ToolResultPart, TurnRequest, UserPart } from '../canonical/index.ts';
import { openaiChat } from './index.ts';

function decode(body: object): TurnRequest {
  const decoded = openaiChat.decodeRequest({ model: 'm', messages: [], ...body });
  assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.message);
  return decoded.value;
}

function problem(body: unknown): { message: string; param?: string } {
  const decoded = openaiChat.decodeRequest(body);
  assert.ok(!decoded.ok);
  assert.equal(decoded.error.kind, 'invalid-request');
  return decoded.error;
}

test('a wrong type is one error that names its path', () => {
  const bad = {
    model: 'm',
    messages: [
      { role: 'user', content: 'x' },
      { role: 'user', content: [{ type: 'text', text: 5 }] },
    ],
  };
  assert.equal(problem(bad).param, 'messages[1].content[0].text');
  assert.match(problem(bad).message, /^messages\[1\]\.content\[0\]\.text: .*string/);
  assert.equal(problem({ model: 'm' }).param, 'messages');
  assert.equal(problem({ messages: [] }).param, 'model');
  assert.equal(problem({ model: 'm', messages: [{ role: 'robot' }] }).param, 'messages[0].role');
  assert.equal(
    problem({ model: 'm', messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }).param,
    'messages[0].content[0].image_url',
  );
  assert.match(problem('hello').message, /not a JSON object/);
  assert.match(problem(null).message, /not a JSON object/);
});

test('unknown fields pass and null counts as absent', () => {
  const request = decode({
    temperature: null,
    tools: null,
    tool_choice: null,
    x_new_field: { a: 1 },
    stop: null,
  });
  assert.deepEqual(request, {
    model: 'm',
    messages: [],
    tools: [],
    stream: false,
    vendor: { protocol: 'openai-chat', fields: { x_new_field: { a: 1 } } },
  });
});

test('messages of every role keep their parts', () => {
  const { messages } = decode({
    messages: [
      { role: 'system', content: 'be kind' },
      {
        role: 'developer',
        content: [{ type: 'text', text: 'be brief', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } },
          { type: 'image_url', image_url: 'https://x.test/a.png' },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' } },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
        ],
      },
      {
        role: 'assistant',
        content: 'calling',
        reasoning_content: 'hm',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: { a: 1 } } },
          { id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
          { id: 'c3', type: 'custom', custom: { name: 'h', input: 'text' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'one' },
      { role: 'tool', tool_call_id: 'c3', content: [{ type: 'text', text: 'three' }] },
      { role: 'assistant', content: null, refusal: 'no' },
    ],
  });
  assert.deepEqual(messages, [
    { role: 'system', parts: [{ type: 'text', text: 'be kind' }] },
    { role: 'developer', parts: [{ type: 'text', text: 'be brief', cache: { ttl: '1h' } }] },
    {
      role: 'user',
      parts: [
        { type: 'text', text: 'look' },
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' }, detail: 'high' },
        { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } },
        {
          type: 'file',
          source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
          filename: 'a.pdf',
        },
        { type: 'file', source: { kind: 'file-id', fileId: 'file-1' } },
        { type: 'file', source: { kind: 'base64', mediaType: 'audio/wav', data: 'AA' } },
      ],
      name: 'ann',
    },
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'hm', summary: [] },
        { type: 'text', text: 'calling' },
        { type: 'tool-call', kind: 'function', id: 'c1', name: 'f', input: '{"a":1}' },
        { type: 'tool-call', kind: 'function', id: 'c2', name: 'g', input: '{}' },
        { type: 'tool-call', kind: 'custom', id: 'c3', name: 'h', input: 'text' },
      ],
    },
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', kind: 'function', callId: 'c1', content: [{ type: 'text', text: 'one' }] },
        { type: 'tool-result', kind: 'custom', callId: 'c3', content: [{ type: 'text', text: 'three' }] },
      ],
    },
    { role: 'assistant', parts: [{ type: 'refusal', text: 'no' }] },
  ]);
});

test('the retired functions dialect is understood', () => {
  const request = decode({
    functions: [{ name: 'f', parameters: { type: 'object' } }],
    function_call: { name: 'f' },
    messages: [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'ok' },
    ],
  });
  assert.equal(request.legacyFunctions, true);
  assert.deepEqual(request.toolChoice, { type: 'tool', tool: { name: 'f' } });
  const [call, result] = request.messages.flatMap(
    ({ parts }): (AssistantPart | ToolResultPart | UserPart)[] => parts,
  );
  assert.ok(call?.type === 'tool-call' && result?.type === 'tool-result');
  assert.equal(result.callId, call.id);
});

test('tools of every kind are read, and nameless ones are left out and reported', () => {
  const decoded = openaiChat.decodeRequest({
    model: 'm',
    messages: [],
    tools: [
      { type: 'function', function: { name: 'f', description: null, parameters: null, strict: true } },
      {
        type: 'custom',
        custom: {
          name: 'c',
          format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: X' } },
        },
      },
      { type: 'function', function: { name: '' } },
      { type: 'web_search_preview' },
    ],
  });
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.tools, [
    { kind: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: true },
    { kind: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'start: X' } },
    {
      kind: 'hosted',
      name: 'web_search_preview',
      protocol: 'openai-chat',
      raw: { type: 'web_search_preview' },
    },
  ]);
  assert.equal(decoded.losses[0]?.path, 'tools[2]');
});

test('every form of tool_choice is read', () => {
  const choice = (tool_choice: unknown) => decode({ tool_choice }).toolChoice;
  assert.deepEqual(choice('required'), { type: 'required' });
  assert.deepEqual(choice('any'), { type: 'required' });
  assert.deepEqual(choice('none'), { type: 'none' });
  assert.deepEqual(choice({ type: 'function', function: { name: 'f' } }), {
    type: 'tool',
    tool: { name: 'f' },
  });
  assert.deepEqual(choice({ type: 'custom', custom: { name: 'c' } }), { type: 'tool', tool: { name: 'c' } });
  const allowed = { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] };
  assert.deepEqual(choice({ type: 'allowed_tools', allowed_tools: allowed }), {
    type: 'allowed',
    mode: 'required',
    tools: [{ name: 'f' }],
  });
});

test('settings are read under all their names', () => {
  const request = decode({
    max_tokens: 10,
    max_completion_tokens: 20,
    stop: 'END',
    reasoning_effort: 'high',
    stream: true,
    stream_options: { include_usage: true },
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
    },
    safety_identifier: 'u',
    prompt_cache_key: 'k',
    metadata: { a: 'b' },
    verbosity: 'low',
    store: false,
  });
  assert.deepEqual(request, {
    model: 'm',
    messages: [],
    tools: [],
    stream: true,
    maxOutputTokens: 20,
    stop: ['END'],
    reasoning: { effort: 'high' },
    includeUsage: true,
    responseFormat: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
    user: 'u',
    cacheKey: 'k',
    metadata: { a: 'b' },
    verbosity: 'low',
    store: false,
  });
  assert.deepEqual(decode({ reasoning: { max_tokens: 2000 } }).reasoning, { budgetTokens: 2000 });
});
