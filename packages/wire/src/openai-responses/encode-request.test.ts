import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssistantPart, Message, ToolDefinition, TurnRequest } from '../canonical/index.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const target = { model: 'up', issuer: 'openai' };
const user: Message = { role: 'user', parts: [{ type: 'text', text: 'q' }] };

function encode(change: Partial<TurnRequest>) {
  return encodeRequest({ model: 'm', messages: [user], tools: [], stream: true, ...change }, target);
}

test('a Codex history goes to a Responses upstream and back without a change', () => {
  const tools: ToolDefinition[] = [
    { kind: 'function', name: 'shell', description: 'd', parameters: { type: 'object' }, strict: false },
    { kind: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
    {
      kind: 'function',
      name: 'read',
      namespace: 'mcp__f',
      namespaceDescription: 'files',
      parameters: {},
      strict: false,
    },
    { kind: 'tool-search', name: 'tool_search', parameters: { type: 'object' } },
  ];
  const messages: Message[] = [
    { role: 'system', parts: [{ type: 'text', text: 'base' }] },
    { role: 'developer', parts: [{ type: 'text', text: 'dev' }] },
    user,
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
          signature: { issuer: 'openai', kind: 'encrypted', data: 'gA==' },
        },
        { type: 'text', text: 'doing' },
        { type: 'refusal', text: 'not that' },
        {
          type: 'tool-call',
          kind: 'function',
          id: 'a',
          itemId: 'fc_1',
          name: 'read',
          namespace: 'mcp__f',
          input: '{"p":1}',
        },
        { type: 'tool-call', kind: 'custom', id: 'b', itemId: 'ctc_1', name: 'apply_patch', input: '***' },
        {
          type: 'tool-call',
          kind: 'local-shell',
          id: 'c',
          name: 'local_shell',
          input: '{"type":"exec","command":["ls"]}',
        },
      ],
    },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          kind: 'function',
          callId: 'a',
          content: [
            { type: 'text', text: 'x' },
            { type: 'text', text: 'y' },
          ],
        },
        { type: 'tool-result', kind: 'custom', callId: 'b', content: [{ type: 'text', text: 'ok' }] },
        { type: 'tool-result', kind: 'local-shell', callId: 'c', content: [{ type: 'text', text: 'files' }] },
      ],
    },
  ];
  const request: TurnRequest = {
    model: 'up',
    messages,
    tools,
    toolChoice: {
      type: 'allowed',
      mode: 'auto',
      tools: [{ name: 'read', namespace: 'mcp__f' }, { name: 'shell' }],
    },
    parallelToolCalls: true,
    reasoning: { effort: 'xhigh', summary: 'detailed' },
    responseFormat: { type: 'json-schema', name: 'n', schema: {}, strict: true },
    verbosity: 'low',
    cacheKey: 'k',
    store: false,
    previousResponseId: 'resp_0',
    stream: true,
  };
  const { body, losses } = encodeRequest(request, target);
  assert.deepEqual(losses, []);
  const decoded = decodeRequest(structuredClone(body));
  assert.ok(decoded.ok);
  const { echo: _, ...value } = decoded.value;
  assert.deepEqual(value, request);
});

test('tool_choice and parallel_tool_calls are dropped when there are no tools (compaction)', () => {
  const { body, losses } = encode({ toolChoice: { type: 'auto' }, parallelToolCalls: false });
  assert.deepEqual(Object.keys(body), ['model', 'input', 'stream', 'store', 'include']);
  assert.deepEqual(losses, []);
});

test('reasoning goes back only to its issuer', () => {
  const reasoning: AssistantPart = {
    type: 'reasoning',
    text: 'hm',
    summary: [],
    signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq' },
  };
  const { body, losses } = encode({
    messages: [user, { role: 'assistant', parts: [reasoning, { type: 'text', text: 'a' }] }],
  });
  assert.doesNotMatch(JSON.stringify(body), /reasoning_text|Eq/);
  assert.equal(losses[0]?.path, 'messages[1].parts[0]');
});

// openai/codex#1227
test('a reasoning item that nothing follows is left out', () => {
  const lone: AssistantPart = {
    type: 'reasoning',
    id: 'rs_1',
    text: '',
    summary: [],
    signature: { issuer: 'openai', kind: 'encrypted', data: 'x' },
  };
  const { body, losses } = encode({ messages: [user, { role: 'assistant', parts: [lone] }, user] });
  assert.doesNotMatch(JSON.stringify(body.input), /reasoning/);
  assert.equal(losses.length, 1);
});

test('tools that a search found are offered where they were found, not twice', () => {
  const decoded = decodeRequest({
    model: 'm',
    tools: [{ type: 'tool_search', execution: 'client', parameters: {} }],
    input: [
      { type: 'tool_search_call', call_id: 'c', execution: 'client', arguments: { query: 'x' } },
      {
        type: 'tool_search_output',
        call_id: 'c',
        tools: [
          {
            type: 'namespace',
            name: 'n',
            description: 'd',
            tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }],
          },
        ],
      },
    ],
  });
  assert.ok(decoded.ok);
  const { body } = encodeRequest(decoded.value, target);
  const [, output] = body.input as { tools: unknown }[];
  assert.deepEqual(output?.tools, [
    {
      type: 'namespace',
      name: 'n',
      description: 'd',
      tools: [{ type: 'function', name: 'f', parameters: {}, strict: false }],
    },
  ]);
  assert.equal((body.tools as unknown[]).length, 1);
});

test('what Responses has no field for is a loss', () => {
  const { losses } = encode({
    topK: 1,
    seed: 2,
    stop: ['x'],
    frequencyPenalty: 1,
    presencePenalty: 1,
    cache: {},
  });
  assert.deepEqual(losses.map(({ path }) => path).toSorted(), [
    'cache',
    'frequencyPenalty',
    'presencePenalty',
    'seed',
    'stop',
    'topK',
  ]);
});

test('a backend with plain functions only gets freeform and namespaced tools flattened, history included', () => {
  const tools: ToolDefinition[] = [
    { kind: 'custom', name: 'exec', namespace: 'functions' },
    { kind: 'tool-search', name: 'tool_search', parameters: { type: 'object' } },
  ];
  const messages: Message[] = [
    user,
    {
      role: 'assistant',
      parts: [
        {
          type: 'tool-call',
          kind: 'custom',
          id: 'a',
          itemId: 'ctc_1',
          name: 'exec',
          namespace: 'functions',
          input: '1',
        },
      ],
    },
    {
      role: 'tool',
      parts: [{ type: 'tool-result', kind: 'custom', callId: 'a', content: [{ type: 'text', text: 'ok' }] }],
    },
  ];
  const quirks = { functionToolsOnly: true };
  const { body, names, losses } = encodeRequest(
    {
      model: 'm',
      messages,
      tools,
      toolChoice: { type: 'tool', tool: { name: 'exec', namespace: 'functions' } },
      stream: true,
    },
    { ...target, quirks },
  );
  assert.deepEqual(losses, []);
  const offered = body.tools as { type: string; name: string }[];
  assert.deepEqual(
    offered.map(({ type, name }) => [type, name]),
    [
      ['function', 'functions__exec'],
      ['function', 'tool_search'],
    ],
  );
  assert.deepEqual(body.tool_choice, { type: 'function', name: 'functions__exec' });
  assert.deepEqual((body.input as unknown[]).slice(1), [
    { type: 'function_call', call_id: 'a', name: 'functions__exec', arguments: '{"input":"1"}' },
    { type: 'function_call_output', call_id: 'a', output: 'ok' },
  ]);
  assert.deepEqual(names.restore('functions__exec'), {
    kind: 'custom',
    name: 'exec',
    namespace: 'functions',
  });
});

test('an answer that its client began is told: a Responses backend writes a message of its own', () => {
  const begun: Message = { role: 'assistant', parts: [{ type: 'text', text: '{' }] };
  const { losses } = encode({ messages: [user, begun] });
  assert.deepEqual(
    losses.map(({ path, what }) => [path, what]),
    [['messages[1]', 'a begun answer']],
  );
  assert.deepEqual(encode({ messages: [user, begun, user] }).losses, []);
  const request = { model: 'm', messages: [user, begun], tools: [], stream: true };
  assert.deepEqual(encodeRequest(request, { ...target, ownFields: true }).losses, [], 'a history of its own');
});
