import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnRequest } from '../canonical/index.ts';
import { sealSignature } from '../reasoning/index.ts';
import { decodeRequest } from './decode-request.ts';

function decode(body: Record<string, unknown>): TurnRequest {
  const decoded = decodeRequest({ model: 'm', ...body });
  assert.ok(decoded.ok, JSON.stringify(decoded));
  return decoded.value;
}

const text = (value: string) => ({ type: 'text', text: value });

test('a string input is one user message, instructions lead as system', () => {
  assert.deepEqual(decode({ input: 'hi', instructions: 'be brief' }).messages, [
    { role: 'system', parts: [text('be brief')] },
    { role: 'user', parts: [text('hi')] },
  ]);
});

test('images and files keep their source and detail', () => {
  const content = [
    { type: 'input_text', text: 'look' },
    { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'high' },
    { type: 'input_image', image_url: 'https://example.org/a.png' },
    { type: 'input_file', file_data: 'data:application/pdf;base64,QUJD', filename: 'a.pdf' },
    { type: 'input_file', file_id: 'file-1' },
  ];
  assert.deepEqual(decode({ input: [{ role: 'user', content }] }).messages[0]?.parts, [
    text('look'),
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QUJD' }, detail: 'high' },
    { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } },
    {
      type: 'file',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'QUJD' },
      filename: 'a.pdf',
    },
    { type: 'file', source: { kind: 'file-id', fileId: 'file-1' } },
  ]);
});

// openai/codex#23186
test('tools come from tools, additional_tools and tool_search_output, namespaces taken apart', () => {
  const request = decode({
    tools: [
      { type: 'function', name: 'a', parameters: { type: 'object' }, strict: false },
      { type: 'tool_search', execution: 'client', description: 'find', parameters: {} },
      { type: 'web_search' },
    ],
    input: [
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [
          {
            type: 'namespace',
            name: 'functions',
            description: 'all',
            tools: [
              { type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
            ],
          },
        ],
      },
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'files' } },
      {
        type: 'tool_search_output',
        call_id: 'c',
        tools: [
          {
            type: 'namespace',
            name: 'mcp__f',
            tools: [{ type: 'function', name: 'read', parameters: null }],
          },
        ],
      },
    ],
  });
  assert.deepEqual(
    request.tools.map((tool) => [tool.kind, tool.name, 'namespace' in tool ? tool.namespace : undefined]),
    [
      ['function', 'a', undefined],
      ['tool-search', 'tool_search', undefined],
      ['hosted', 'web_search', undefined],
      ['custom', 'exec', 'functions'],
      ['function', 'read', 'mcp__f'],
    ],
  );
  assert.deepEqual(
    request.messages.map(({ role }) => role),
    ['assistant', 'tool'],
  );
});

// maximhq/bifrost#4596
test('tool_search history with object arguments is a call like any other', () => {
  const { messages } = decode({
    input: [{ type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'x' } }],
  });
  assert.deepEqual(messages[0]?.parts, [
    { type: 'tool-call', kind: 'tool-search', id: 'c', name: 'tool_search', input: '{"query":"x"}' },
  ]);
});

test('parallel calls in a row are one assistant message, their outputs one tool message', () => {
  const { messages } = decode({
    input: [
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '' },
      { type: 'function_call', call_id: 'b', name: 'g', namespace: 'n', arguments: { x: 1 } },
      { type: 'function_call_output', call_id: 'a', output: 'one' },
      {
        type: 'function_call_output',
        call_id: 'b',
        output: [
          { type: 'input_text', text: 'two' },
          { type: 'input_image', image_url: 'https://example.org/i' },
        ],
      },
    ],
  });
  assert.deepEqual(messages, [
    {
      role: 'assistant',
      parts: [
        { type: 'tool-call', kind: 'function', id: 'a', name: 'f', input: '{}' },
        { type: 'tool-call', kind: 'function', id: 'b', name: 'g', namespace: 'n', input: '{"x":1}' },
      ],
    },
    {
      role: 'tool',
      parts: [
        { type: 'tool-result', kind: 'function', callId: 'a', content: [text('one')] },
        {
          type: 'tool-result',
          kind: 'function',
          callId: 'b',
          content: [text('two'), { type: 'image', source: { kind: 'url', url: 'https://example.org/i' } }],
        },
      ],
    },
  ]);
});

test('freeform and shell history keeps its kind', () => {
  const { messages } = decode({
    input: [
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'a', name: 'apply_patch', input: '*** x' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' },
      {
        type: 'local_shell_call',
        call_id: 'b',
        status: 'completed',
        action: { type: 'exec', command: ['ls'] },
      },
      { type: 'local_shell_call_output', id: 'b', output: 'files' },
    ],
  });
  const kinds = messages.flatMap(({ parts }) =>
    parts.map((part) => ('kind' in part ? part.kind : part.type)),
  );
  assert.deepEqual(kinds, ['custom', 'custom', 'local-shell', 'local-shell']);
});

test('reasoning keeps encrypted_content byte for byte, and an envelope opens to its issuer and text', () => {
  const sealed = sealSignature({ issuer: 'anthropic', kind: 'signature', data: 'Eq==', text: 'thinking' });
  const { messages } = decode({
    input: [
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 's' }],
        content: null,
        encrypted_content: 'gA/+=',
      },
      { type: 'reasoning', id: 'rs_2', summary: [], encrypted_content: sealed },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        phase: 'commentary',
        content: [{ type: 'output_text', text: 'x' }],
      },
    ],
  });
  assert.deepEqual(messages, [
    {
      role: 'assistant',
      id: 'msg_1',
      phase: 'commentary',
      parts: [
        {
          type: 'reasoning',
          id: 'rs_1',
          text: '',
          summary: ['s'],
          signature: { issuer: 'openai', kind: 'encrypted', data: 'gA/+=' },
        },
        {
          type: 'reasoning',
          id: 'rs_2',
          text: 'thinking',
          summary: [],
          signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq==' },
        },
        text('x'),
      ],
    },
  ]);
});

test('all forms of tool_choice are read', () => {
  const cases: [unknown, unknown][] = [
    ['auto', { type: 'auto' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', tool: { name: 'f' } },
    ],
    [
      { type: 'custom', name: 'c', namespace: 'n' },
      { type: 'tool', tool: { name: 'c', namespace: 'n' } },
    ],
    [{ type: 'web_search' }, { type: 'tool', tool: { name: 'web_search' } }],
    [
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
      { type: 'allowed', mode: 'required', tools: [{ name: 'f' }] },
    ],
  ];
  for (const [choice, wanted] of cases) assert.deepEqual(decode({ tool_choice: choice }).toolChoice, wanted);
});

test('settings, structured output and state are read', () => {
  const request = decode({
    max_output_tokens: 9,
    reasoning: { effort: 'high', summary: 'auto' },
    text: {
      verbosity: 'low',
      format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
    },
    previous_response_id: 'resp_1',
    prompt_cache_key: 'k',
    store: false,
    service_tier: 'flex',
    metadata: { a: 'b' },
    stream: true,
  });
  assert.equal(request.maxOutputTokens, 9);
  assert.deepEqual(request.reasoning, { effort: 'high', summary: 'auto' });
  assert.equal(request.verbosity, 'low');
  assert.deepEqual(request.responseFormat, {
    type: 'json-schema',
    name: 'n',
    schema: { type: 'object' },
    strict: true,
  });
  assert.equal(request.previousResponseId, 'resp_1');
  assert.equal(request.store, false);
});

test('unknown items are kept as they are for a Responses upstream', () => {
  const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
  const trigger = { type: 'compaction_trigger' };
  const { messages } = decode({ input: [search, trigger] });
  assert.deepEqual(
    messages.map(({ role, parts }) => [role, parts[0]?.type === 'opaque' && parts[0].raw]),
    [
      ['assistant', search],
      ['user', trigger],
    ],
  );
});

test('fields without a counterpart are losses, what Codex always sends is not', () => {
  const decoded = decodeRequest({
    model: 'm',
    input: 'x',
    include: ['reasoning.encrypted_content'],
    client_metadata: {},
    top_logprobs: 5,
  });
  assert.ok(decoded.ok);
  assert.deepEqual(
    decoded.losses.map(({ path }) => path),
    ['top_logprobs'],
  );
});

test('a wrong field is one error that says where', () => {
  const cases: [unknown, string][] = [
    [{ model: 'm', input: [{ type: 'function_call', name: 'f' }] }, 'input[0].call_id'],
    [{ model: 'm', input: [{ role: 'robot', content: 'x' }] }, 'input[0].role'],
    [{ model: 'm', input: 5 }, 'input'],
    [{ input: 'x' }, 'model'],
  ];
  for (const [body, param] of cases) {
    const decoded = decodeRequest(body);
    assert.ok(!decoded.ok);
    assert.equal(decoded.error.param, param);
    assert.match(decoded.error.message, /./);
  }
  assert.ok(!decodeRequest('text').ok);
});
