import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols, providerProtocols, type TurnRequest } from '@vigiles/wire';
import type { ProviderType } from './define-provider.ts';
import { providers } from './registry.gen.ts';

const types: Record<string, ProviderType> = providers;
const callId = 'call_zk2Qx8Lw0fVbT4sYp1';

/** What Codex sends in the second round: instructions, a developer message, thinking, two calls at once, and their results. */
const codexBody = {
  model: 'm',
  instructions: 'Be brief.',
  input: [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Sandbox: on.' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List files.' }] },
    { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Two calls.' }] },
    { type: 'function_call', call_id: callId, name: 'shell', arguments: '{"command":["ls"]}' },
    { type: 'function_call', call_id: `${callId}_2`, name: 'shell', arguments: '{"command":["pwd"]}' },
    { type: 'function_call_output', call_id: callId, output: 'a.txt' },
    { type: 'function_call_output', call_id: `${callId}_2`, output: '/tmp' },
  ],
  tools: [
    {
      type: 'function',
      name: 'shell',
      strict: false,
      parameters: { type: 'object', properties: { command: { type: 'array', items: { type: 'string' } } } },
    },
    { type: 'custom', name: 'apply_patch', description: 'Edits files.', format: { type: 'text' } },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto' },
  text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' } } },
  max_output_tokens: 900,
  prompt_cache_key: 'session-1',
  store: false,
  stream: true,
};

const decoded = protocols['openai-responses'].decodeRequest(codexBody);
assert.ok(decoded.ok);
const request: TurnRequest = decoded.value;

interface Sent {
  messages: {
    role: string;
    tool_call_id?: string;
    tool_calls?: { id: string }[];
    [field: string]: unknown;
  }[];
  response_format?: { type: string };
  tools: { function: Record<string, unknown> }[];
  [field: string]: unknown;
}

const sentTo = (type: ProviderType): Sent => {
  const protocol = type.protocols[0]?.protocol ?? 'openai-chat';
  const { body } = providerProtocols[protocol].encodeRequest(request, {
    model: 'm',
    issuer: 'test',
    quirks: type.quirks,
  });
  return JSON.parse(JSON.stringify(body)) as Sent;
};

/** How each hosted or local Chat backend differs in what it is sent; absent means the strict common ground. */
interface Expected {
  limit?: 'max_completion_tokens';
  thinking?: 'reasoning_content' | 'reasoning';
  effort?: true;
  noUsage?: true;
  noParallel?: true;
  noSchema?: true;
  shortIds?: true;
}
const expected: Record<string, Expected> = {
  'lm-studio': { thinking: 'reasoning_content' },
  vllm: { thinking: 'reasoning_content' },
  'llama-cpp': { thinking: 'reasoning_content' },
  'openai-compatible': { thinking: 'reasoning_content' },
  ollama: { thinking: 'reasoning', effort: true },
  openrouter: { thinking: 'reasoning', effort: true },
  deepseek: { thinking: 'reasoning_content', noSchema: true },
  mistral: { shortIds: true, noUsage: true },
  groq: { limit: 'max_completion_tokens' },
  xai: { limit: 'max_completion_tokens' },
  together: {},
  fireworks: { thinking: 'reasoning_content' },
  cerebras: { limit: 'max_completion_tokens', noParallel: true },
  moonshot: { thinking: 'reasoning_content' },
  zai: { thinking: 'reasoning_content', noSchema: true, noParallel: true },
  qwen: {},
  cohere: { noParallel: true },
  'github-models': { noParallel: true },
  huggingface: {},
  nvidia: {},
};

for (const [name, want] of Object.entries(expected)) {
  test(`${name} is sent only what it takes`, () => {
    const type = types[name];
    assert.ok(type);
    const sent = sentTo(type);
    const limit = want.limit ?? 'max_tokens';
    const fields = ['messages', 'model', 'response_format', 'stream', 'tool_choice', 'tools', limit];
    if (!want.noParallel) fields.push('parallel_tool_calls');
    if (!want.noUsage) fields.push('stream_options');
    if (want.effort) fields.push('reasoning_effort');
    assert.deepEqual(Object.keys(sent).toSorted(), fields.toSorted());
    assert.equal(sent[limit], 900);
    assert.equal(sent.response_format?.type, want.noSchema ? 'json_object' : 'json_schema');

    assert.deepEqual(
      sent.messages.map(({ role }) => role),
      ['system', 'user', 'assistant', 'tool', 'tool'],
    );
    const assistant = sent.messages[2];
    const calls = assistant?.tool_calls?.map(({ id }) => id) ?? [];
    assert.deepEqual(
      sent.messages.slice(3).map((message) => message.tool_call_id),
      calls,
    );
    assert.equal(new Set(calls).size, 2);
    for (const id of calls) assert.match(id, want.shortIds ? /^[a-zA-Z0-9]{9}$/ : /^call_zk2Qx8Lw0fVbT4sYp1/);
    const thoughts = Object.entries(assistant ?? {}).filter(([field]) => field.startsWith('reasoning'));
    assert.deepEqual(thoughts, want.thinking ? [[want.thinking, 'Two calls.']] : []);
    for (const tool of sent.tools) assert.ok(!('strict' in tool.function));
  });
}

test('every Chat provider but OpenAI itself stands in the table above', () => {
  const chat = Object.values(types).filter(
    ({ type, protocols: [first] }) => first?.protocol === 'openai-chat' && type !== 'openai',
  );
  assert.deepEqual(chat.map(({ type }) => type).toSorted(), Object.keys(expected).toSorted());
});

test('MiniMax is spoken to in Messages, with the instructions on top and both results in one user turn', () => {
  const sent = sentTo(providers.minimax);
  assert.match(JSON.stringify(sent['system']), /Be brief\..*Sandbox: on\./);
  assert.deepEqual(
    sent.messages.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  );
  assert.equal(sent['max_tokens'], 900);
  assert.ok(!('parallel_tool_calls' in sent) && !('stream_options' in sent));
});

for (const [name, type] of Object.entries(types)) {
  test(`${name} keeps its file's name, an address without a slash at the end, and a port nobody else has`, () => {
    assert.equal(type.type, name);
    if (type.baseUrl !== undefined) {
      const url = new URL(type.baseUrl);
      assert.ok(url.protocol === 'https:' || url.hostname === '127.0.0.1');
      assert.ok(!type.baseUrl.endsWith('/'));
    }
    const others = Object.values(types).filter((other) => other.type !== name);
    for (const { id, port } of type.usualPorts) {
      assert.ok(!others.some((other) => other.usualPorts.some((one) => one.id === id || one.port === port)));
    }
  });
}

test('an answer that its client began is told of as perhaps answered anew, unless its provider is known to go on with it', () => {
  const message = (role: 'user' | 'assistant', text: string) => ({
    role,
    parts: [{ type: 'text' as const, text }],
  });
  const messages = [message('user', 'A list, as JSON.'), message('assistant', 'Here: [')];
  const goingOn = Object.entries(types)
    .filter(([, { quirks, protocols: spoken }]) => {
      if (!spoken.some(({ protocol }) => protocol === 'openai-chat')) return false;
      const begun = { model: 'm', messages, tools: [], stream: false };
      const target = { model: 'up', issuer: 'maker', quirks, ownFields: false };
      const { losses } = providerProtocols['openai-chat'].encodeRequest(begun, target);
      return !losses.some(({ what }) => what === 'a begun answer');
    })
    .map(([type]) => type);
  assert.deepEqual(goingOn.toSorted(), ['llama-cpp', 'mistral', 'moonshot', 'qwen', 'vllm']);
});
