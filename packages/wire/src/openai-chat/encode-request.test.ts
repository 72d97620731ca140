import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AssistantPart, Message, TurnRequest } from '../canonical/index.ts';
import type { EncodeTarget } from '../protocol.ts';
import { answerPart, anyText } from '../testing/arbitraries.ts';
import { fixtureTools } from '../testing/tools.ts';
import { openaiChat } from './index.ts';

const target: EncodeTarget = { model: 'up', issuer: 'maker' };

function encode(request: Partial<TurnRequest>, quirks?: EncodeTarget['quirks']) {
  const whole: TurnRequest = { model: 'm', messages: [], tools: [], stream: false, ...request };
  return openaiChat.encodeRequest(whole, { ...target, ...(quirks && { quirks }) });
}

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } } as const;

test('leading system and developer messages are one system message, unless the backend knows developer', () => {
  const messages: Message[] = [
    { role: 'system', parts: [{ type: 'text', text: 'a' }] },
    { role: 'developer', parts: [{ type: 'text', text: 'b' }] },
    user('hi'),
    { role: 'developer', parts: [{ type: 'text', text: 'c' }] },
  ];
  assert.deepEqual(encode({ messages }).body.messages, [
    { role: 'system', content: 'a\n\nb' },
    { role: 'user', content: 'hi' },
    { role: 'system', content: 'c' },
  ]);
  assert.deepEqual(
    (encode({ messages }, { developerRole: true }).body.messages as { role: string }[]).map(
      ({ role }) => role,
    ),
    ['system', 'developer', 'user', 'developer'],
  );
});

test('freeform and namespaced tools become functions with names of their own, in the same order', () => {
  const { body, names } = encode({ tools: fixtureTools });
  const tools = body.tools as { function: { name: string; parameters: object } }[];
  assert.deepEqual(
    tools.map((tool) => tool.function.name),
    ['look_up', 'list_files', 'run_code', 'mcp__files__read'],
  );
  assert.deepEqual(names.restore('mcp__files__read'), {
    kind: 'function',
    name: 'read',
    namespace: 'mcp__files',
  });
  assert.equal(JSON.stringify(encode({ tools: fixtureTools }).body), JSON.stringify(body));
});

test('tool settings are only written beside tools', () => {
  const settings = { toolChoice: { type: 'auto' }, parallelToolCalls: false } as const;
  const bare = encode(settings).body;
  assert.deepEqual(
    [bare.tool_choice, bare.parallel_tool_calls, bare.tools],
    [undefined, undefined, undefined],
  );
  const full = encode({ ...settings, tools: fixtureTools }).body;
  assert.deepEqual([full.tool_choice, full.parallel_tool_calls], ['auto', false]);
  assert.equal(
    encode({ ...settings, tools: fixtureTools }, { parallelToolCalls: false }).body.parallel_tool_calls,
    undefined,
  );
});

test('allowed tools are the only ones offered', () => {
  const toolChoice = {
    type: 'allowed',
    mode: 'required',
    tools: [{ name: 'read', namespace: 'mcp__files' }],
  } as const;
  const { body } = encode({
    tools: fixtureTools,
    toolChoice: { ...toolChoice, tools: [...toolChoice.tools] },
  });
  assert.equal((body.tools as unknown[]).length, 1);
  assert.equal(body.tool_choice, 'required');
});

test('a named choice uses the name the backend knows', () => {
  const toolChoice = { type: 'tool', tool: { name: 'read', namespace: 'mcp__files' } } as const;
  assert.deepEqual(encode({ tools: fixtureTools, toolChoice }).body.tool_choice, {
    type: 'function',
    function: { name: 'mcp__files__read' },
  });
});

test('hosted tools of another vendor are a loss', () => {
  const hosted = { kind: 'hosted', name: 'web_search', protocol: 'openai-responses', raw: {} } as const;
  const { body, losses } = encode({ tools: [hosted] });
  assert.equal(body.tools, undefined);
  assert.deepEqual(losses, [
    { path: 'tools[0]', what: 'hosted tool web_search', why: 'Chat Completions has no hosted tools' },
  ]);
});

test('strict is dropped for backends that do not enforce it', () => {
  const tool = { kind: 'function', name: 'f', parameters: {}, strict: false } as const;
  assert.equal(JSON.stringify(encode({ tools: [tool] }).body).includes('strict'), false);
  assert.equal(encode({ tools: [tool] }).losses.length, 0);
  assert.equal(encode({ tools: [{ ...tool, strict: true }] }).losses.length, 1);
  assert.match(JSON.stringify(encode({ tools: [tool] }, { strictTools: true }).body), /"strict":false/);
});

test('images of a tool result follow in a user message behind all results of the round', () => {
  const call = (id: string): AssistantPart => ({
    type: 'tool-call',
    kind: 'function',
    id,
    name: 'look_up',
    input: '{}',
  });
  const messages: Message[] = [
    user('go'),
    { role: 'assistant', parts: [call('c1'), call('c2')] },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          kind: 'function',
          callId: 'c1',
          content: [{ type: 'text', text: 'seen' }, image],
        },
        { type: 'tool-result', kind: 'function', callId: 'c2', content: [image] },
      ],
    },
  ];
  const written = encode({ messages }).body.messages as {
    role: string;
    content: unknown;
    tool_call_id?: string;
  }[];
  assert.deepEqual(
    written.map(({ role }) => role),
    ['user', 'assistant', 'tool', 'tool', 'user'],
  );
  assert.equal(written[2]?.content, 'seen');
  assert.ok(written[3]?.content);
  assert.equal(
    ((written[4]?.content ?? []) as { type: string }[]).filter(({ type }) => type === 'image_url').length,
    2,
  );
  const { losses, body } = encode({ messages }, { images: false });
  assert.equal(losses.filter(({ what }) => what === 'image').length, 2);
  assert.equal(JSON.stringify(body).includes('image_url'), false);
});

test('parallel calls that came as single messages share one assistant message', () => {
  const messages: Message[] = [
    user('go'),
    { role: 'assistant', parts: [{ type: 'text', text: 'I will' }] },
    { role: 'assistant', parts: [{ type: 'tool-call', kind: 'function', id: 'a', name: 'f', input: '' }] },
    {
      role: 'assistant',
      parts: [{ type: 'tool-call', kind: 'custom', id: 'b', name: 'run_code', input: 'x' }],
    },
    { role: 'tool', parts: [{ type: 'tool-result', kind: 'function', callId: 'a', content: [] }] },
    { role: 'tool', parts: [{ type: 'tool-result', kind: 'custom', callId: 'b', content: [] }] },
  ];
  const written = encode({ messages, tools: fixtureTools }).body.messages as Record<string, unknown>[];
  assert.equal(written.length, 4);
  assert.deepEqual(written[1], {
    role: 'assistant',
    content: 'I will',
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', type: 'function', function: { name: 'run_code', arguments: '{"input":"x"}' } },
    ],
  });
});

test('reasoning goes into the field the backend names, and otherwise is a loss', () => {
  const messages: Message[] = [
    user('q'),
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'hm', summary: [] },
        { type: 'text', text: 'a' },
      ],
    },
    user('go on'),
  ];
  const kept = encode({ messages }, { reasoningField: 'reasoning_content' });
  assert.equal((kept.body.messages as Record<string, unknown>[])[1]?.reasoning_content, 'hm');
  assert.equal(kept.losses.length, 0);
  assert.deepEqual(
    encode({ messages }).losses.map(({ what }) => what),
    ['reasoning'],
  );
});

test('a call signature returns to its maker only', () => {
  const part = (issuer: string): AssistantPart => ({
    type: 'tool-call',
    kind: 'function',
    id: 'a',
    name: 'f',
    input: '{}',
    signature: { issuer, kind: 'signature', data: 'c2ln' },
  });
  const written = (issuer: string) => encode({ messages: [{ role: 'assistant', parts: [part(issuer)] }] });
  assert.match(
    JSON.stringify(written('maker').body),
    /"extra_content":\{"google":\{"thought_signature":"c2ln"\}\}/,
  );
  assert.equal(JSON.stringify(written('other').body).includes('c2ln'), false);
  assert.equal(written('other').losses.length, 1);
});

test('fields that only OpenAI knows stay out elsewhere', () => {
  const request = { cacheKey: 'k', store: false, user: 'u', verbosity: 'low', serviceTier: 'flex' } as const;
  const { body, losses } = encode(request);
  assert.deepEqual(Object.keys(body), ['model', 'messages', 'stream']);
  assert.deepEqual(
    losses.map(({ path }) => path),
    ['service_tier', 'verbosity', 'user'],
  );
  const full = encode(request, { openaiFields: true });
  assert.deepEqual([full.body.prompt_cache_key, full.body.store, full.losses.length], ['k', false, 0]);
});

test('limits, efforts and formats follow the quirks', () => {
  const format = { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true } as const;
  const request: Partial<TurnRequest> = {
    maxOutputTokens: 5,
    reasoning: { budgetTokens: 3000 },
    responseFormat: format,
  };
  const strict = encode(request, { jsonSchema: false });
  assert.equal(strict.body.max_tokens, 5);
  assert.deepEqual(strict.body.response_format, { type: 'json_object' });
  assert.deepEqual(
    strict.losses.map(({ path }) => path),
    ['reasoning', 'responseFormat'],
  );
  const rich = encode(request, { maxCompletionTokens: true, reasoningEffort: true });
  assert.deepEqual([rich.body.max_completion_tokens, rich.body.reasoning_effort], [5, 'low']);
  assert.deepEqual(rich.body.response_format, {
    type: 'json_schema',
    json_schema: { name: 'n', schema: { type: 'object' }, strict: true },
  });
});

test('usage is asked for in every stream the backend can report it in', () => {
  assert.deepEqual(encode({ stream: true }).body.stream_options, { include_usage: true });
  assert.equal(encode({ stream: true }, { streamUsage: false }).body.stream_options, undefined);
  assert.equal(encode({ stream: false }).body.stream_options, undefined);
});

test('what is written decodes to the same parts', () => {
  const flat = (messages: readonly Message[]) =>
    messages.flatMap((message): unknown[] => message.parts.map((part) => ({ role: message.role, part })));
  const property = fc.property(
    fc.array(answerPart, { minLength: 1, maxLength: 5 }),
    anyText,
    (parts, text) => {
      const answers = parts.filter(
        (part, at) =>
          part.type === 'tool-call' &&
          parts.findIndex((other) => other.type === 'tool-call' && other.id === part.id) === at,
      );
      const first = (type: string) => parts.filter((part) => part.type === type).slice(0, 1);
      // Chat's own order inside a message: thinking, text, calls; freeform calls travel as functions.
      const own = [
        ...first('reasoning'),
        ...first('text'),
        ...answers.filter((part) => part.type === 'tool-call' && part.kind === 'function'),
      ];
      const calls = own.filter((part) => part.type === 'tool-call');
      fc.pre(own.some((part) => part.type !== 'reasoning'));
      const messages: Message[] = [
        { role: 'system', parts: [{ type: 'text', text: 'rules' }] },
        { role: 'user', parts: [{ type: 'text', text }, image] },
        { role: 'assistant', parts: own },
        ...(calls.length
          ? [
              {
                role: 'tool' as const,
                parts: calls.map((call) => ({
                  type: 'tool-result' as const,
                  kind: 'function' as const,
                  callId: call.id,
                  content: [{ type: 'text' as const, text }],
                })),
              },
            ]
          : []),
        { role: 'user', parts: [{ type: 'text', text }] },
      ];
      const { body, losses } = encode(
        { messages, tools: fixtureTools },
        { reasoningField: 'reasoning_content' },
      );
      assert.deepEqual(losses, []);
      const decoded = openaiChat.decodeRequest(body);
      assert.ok(decoded.ok);
      assert.deepEqual(flat(decoded.value.messages), flat(messages));
    },
  );
  fc.assert(property, { numRuns: 150 });
});
