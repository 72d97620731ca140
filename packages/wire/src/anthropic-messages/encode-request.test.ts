import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AssistantPart, Message, ReasoningPart, TurnRequest } from '../canonical/index.ts';
import type { EncodeTarget } from '../protocol.ts';
import { answerPart, anyText } from '../testing/arbitraries.ts';
import { fixtureTools } from '../testing/tools.ts';
import { anthropicMessages } from './index.ts';

interface Block {
  type: string;
  [field: string]: unknown;
}

interface Body {
  system?: unknown;
  messages: { role: string; content: string | Block[] }[];
  tools?: Block[];
  tool_choice?: Block;
  thinking?: Block;
  [field: string]: unknown;
}

function asBlocks(content: string | Block[] | undefined): Block[] {
  return Array.isArray(content) ? content : [];
}

function encode(request: Partial<TurnRequest>, target: Partial<EncodeTarget> = {}) {
  const whole: TurnRequest = { model: 'm', messages: [user('hi')], tools: [], stream: false, ...request };
  const encoded = anthropicMessages.encodeRequest(whole, {
    model: 'claude-sonnet-4-5',
    issuer: 'anthropic',
    ...target,
  });
  return { ...encoded, body: encoded.body as Body };
}

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] });
const assistant = (...parts: AssistantPart[]): Message => ({ role: 'assistant', parts });
const call = (id: string, input = '{}'): AssistantPart => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name: 'look_up',
  input,
});
const result = (callId: string, text = 'ok'): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', kind: 'function', callId, content: text ? [{ type: 'text', text }] : [] }],
});
const thought = (signature?: ReasoningPart['signature']): AssistantPart => ({
  type: 'reasoning',
  text: 'hm',
  summary: [],
  ...(signature && { signature }),
});
const own = { issuer: 'anthropic', kind: 'signature', data: 'Eq+/=' } as const;

test('leading system text is hoisted with its cache marks, later text stays in place', () => {
  const { body, losses } = encode({
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'a', cache: { ttl: '1h' } }] },
      { role: 'developer', parts: [{ type: 'text', text: 'b' }] },
      user('hi'),
      { role: 'developer', parts: [{ type: 'text', text: 'c' }] },
    ],
  });
  assert.deepEqual(body.system, [
    { type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } },
    { type: 'text', text: 'b' },
  ]);
  assert.equal(body.messages.length, 1);
  assert.match(JSON.stringify(body.messages), /<system>\\nc/);
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['later system message'],
  );
  const known = encode(
    { messages: [user('hi'), { role: 'system', parts: [{ type: 'text', text: 'c' }] }, user('x')] },
    { quirks: { systemMessages: true } },
  );
  assert.deepEqual(
    known.body.messages.map(({ role }) => role),
    ['user', 'system', 'user'],
  );
});

test('roles alternate, results come first, and empty text never goes out', () => {
  const { body } = encode({
    messages: [
      assistant({ type: 'text', text: 'earlier' }),
      user('a'),
      user('  '),
      user('b'),
      assistant({ type: 'text', text: '' }, call('t1')),
      assistant(call('t2')),
      result('t2'),
      result('t1', ''),
      user('next'),
    ],
  });
  assert.deepEqual(body.messages, [
    { role: 'user', content: 'Continue.' },
    { role: 'assistant', content: 'earlier' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'tool_use', id: 't1', name: 'look_up', input: {} },
        { type: 'tool_use', id: 't2', name: 'look_up', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 't1' },
        { type: 'tool_result', tool_use_id: 't2', content: 'ok' },
        { type: 'text', text: 'next' },
      ],
    },
  ]);
});

test('a begun answer is kept, without white space at its end', () => {
  const { body } = encode({ messages: [user('a'), assistant({ type: 'text', text: 'The answer is \n' })] });
  assert.deepEqual(body.messages[1], { role: 'assistant', content: 'The answer is' });
});

test('ids that Anthropic refuses are fitted in the call and in its result alike', () => {
  const { body } = encode({
    messages: [user('a'), assistant(call('functions.Bash:0')), result('functions.Bash:0')],
  });
  const ids = body.messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.map((block) => block.id ?? block.tool_use_id),
  );
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  assert.match(String(ids[0]), /^[a-zA-Z0-9_-]+$/);
});

test('signed thinking returns byte for byte to its issuer, everything else stays away', () => {
  const redacted = { issuer: 'anthropic', kind: 'redacted', data: 'Em==' } as const;
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: '', summary: [], signature: own },
    thought(own),
    { type: 'reasoning', text: '', summary: [], signature: redacted },
    thought(),
    thought({ issuer: 'other', kind: 'signature', data: 'x' }),
    thought({ issuer: 'anthropic', kind: 'encrypted', data: 'y' }),
    { type: 'text', text: 'a' },
  ];
  const { body, losses } = encode({ messages: [user('q'), assistant(...parts), user('r')] });
  assert.deepEqual(body.messages[1]?.content, [
    { type: 'thinking', thinking: '', signature: 'Eq+/=' },
    { type: 'thinking', thinking: 'hm', signature: 'Eq+/=' },
    { type: 'redacted_thinking', data: 'Em==' },
    { type: 'text', text: 'a' },
  ]);
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['unsigned reasoning', 'reasoning of another provider'],
  );
});

test('a turn never ends in thinking', () => {
  const { body, losses } = encode({ messages: [user('q'), assistant(thought(own)), user('r')] });
  assert.deepEqual(
    body.messages.map(({ role }) => role),
    ['user'],
  );
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['trailing thinking'],
  );
});

test('effort becomes a budget for older models and adaptive thinking for newer ones', () => {
  const thinking = (model: string, reasoning: TurnRequest['reasoning'] = { effort: 'medium' }) => {
    const { body } = encode({ reasoning: reasoning ?? {}, maxOutputTokens: 20_000 }, { model });
    return [body.thinking, body.output_config];
  };
  assert.deepEqual(thinking('claude-sonnet-4-5-20250929'), [
    { type: 'enabled', budget_tokens: 10_240 },
    undefined,
  ]);
  assert.deepEqual(thinking('claude-opus-4-20250514'), [
    { type: 'enabled', budget_tokens: 10_240 },
    undefined,
  ]);
  assert.deepEqual(thinking('claude-3-7-sonnet-20250219')[0], { type: 'enabled', budget_tokens: 10_240 });
  assert.deepEqual(thinking('anthropic/claude-opus-4.6'), [{ type: 'adaptive' }, { effort: 'medium' }]);
  assert.deepEqual(thinking('claude-sonnet-5'), [{ type: 'adaptive' }, { effort: 'medium' }]);
  assert.deepEqual(thinking('claude-3-5-haiku-20241022'), [undefined, undefined]);
  assert.deepEqual(thinking('claude-sonnet-4-5', { effort: 'max' })[0], {
    type: 'enabled',
    budget_tokens: 16_000,
  });
  assert.deepEqual(thinking('claude-sonnet-4-5', { effort: 'none' })[0], { type: 'disabled' });
  assert.deepEqual(thinking('claude-sonnet-5', { budgetTokens: 4000 })[0], {
    type: 'enabled',
    budget_tokens: 4000,
  });
  assert.deepEqual(thinking('claude-sonnet-4-5', { adaptive: true })[0], {
    type: 'enabled',
    budget_tokens: 16_000,
  });
});

test('thinking excludes temperature, top_k and a forced tool', () => {
  const request = {
    reasoning: { effort: 'low' },
    temperature: 0.2,
    topK: 5,
    tools: fixtureTools,
    toolChoice: { type: 'required' },
    parallelToolCalls: false,
  } as const;
  const { body, losses } = encode(request);
  assert.deepEqual([body.temperature, body.top_k], [undefined, undefined]);
  assert.deepEqual(body.tool_choice, { type: 'auto', disable_parallel_tool_use: true });
  assert.deepEqual(
    losses.map(({ path }) => path),
    ['toolChoice', 'temperature', 'topK'],
  );
  const { reasoning: _, ...calm } = request;
  const forced = encode(calm);
  assert.deepEqual(forced.body.tool_choice, { type: 'any', disable_parallel_tool_use: true });
  assert.deepEqual([forced.body.temperature, forced.body.top_k], [0.2, 5]);
});

test('thinking is taken back inside a tool loop that another model began', () => {
  const loop = (part: AssistantPart[]) => [user('q'), assistant(...part, call('t1')), result('t1')];
  const foreign = encode({ messages: loop([]), reasoning: { effort: 'high' } });
  assert.equal(foreign.body.thinking, undefined);
  assert.equal(foreign.losses.at(-1)?.path, 'reasoning');
  assert.ok(encode({ messages: loop([thought(own)]), reasoning: { effort: 'high' } }).body.thinking);
  const adaptive = encode(
    { messages: loop([]), reasoning: { effort: 'high' } },
    { model: 'claude-opus-4-7' },
  );
  assert.deepEqual(adaptive.body.thinking, { type: 'adaptive' });
});

test('tools keep their order, and schemas become objects', () => {
  const odd = { kind: 'function', name: 'odd', parameters: { anyOf: [{ type: 'object' }] } } as const;
  const { body, losses } = encode({ tools: [...fixtureTools, odd] });
  assert.deepEqual(
    body.tools?.map(({ name }) => name),
    ['look_up', 'list_files', 'run_code', 'mcp__files__read', 'odd'],
  );
  assert.deepEqual(body.tools?.at(-1)?.input_schema, { type: 'object', properties: {} });
  assert.equal(losses[0]?.what, 'anyOf');
});

test('tool choices are written beside tools only', () => {
  const choice = (toolChoice: NonNullable<TurnRequest['toolChoice']>) =>
    encode({ tools: fixtureTools, toolChoice }).body;
  assert.deepEqual(choice({ type: 'none' }).tool_choice, { type: 'none' });
  assert.deepEqual(choice({ type: 'tool', tool: { name: 'read', namespace: 'mcp__files' } }).tool_choice, {
    type: 'tool',
    name: 'mcp__files__read',
  });
  const allowed = choice({ type: 'allowed', mode: 'auto', tools: [{ name: 'look_up' }] });
  assert.deepEqual([allowed.tool_choice, allowed.tools?.length], [{ type: 'auto' }, 1]);
  const bare = encode({ toolChoice: { type: 'auto' }, parallelToolCalls: false }).body;
  assert.deepEqual([bare.tools, bare.tool_choice], [undefined, undefined]);
});

test('a history with calls but no tools declares them and switches them off', () => {
  const { body } = encode({
    messages: [user('q'), assistant(call('t1')), result('t1'), user('sum up')],
    toolChoice: { type: 'auto' },
  });
  assert.deepEqual(body.tools, [{ name: 'look_up', input_schema: { type: 'object', properties: {} } }]);
  assert.deepEqual(body.tool_choice, { type: 'none' });
});

test('arguments that are no object still stand in the history', () => {
  const { body } = encode({ messages: [user('q'), assistant(call('t1', '{"cut":')), result('t1')] });
  assert.deepEqual(asBlocks(body.messages[1]?.content)[0]?.input, { input: '{"cut":' });
});

test('a JSON schema loses nothing, and max_tokens has a default', () => {
  const schema = { type: 'object', additionalProperties: false };
  const { body, losses } = encode({
    responseFormat: { type: 'json-schema', name: 'n', schema, strict: true },
  });
  assert.deepEqual(body.output_config, { format: { type: 'json_schema', schema } });
  assert.deepEqual(losses, []);
  assert.equal(body.max_tokens, 32_000);
  assert.equal(encode({}, { defaultMaxOutputTokens: 7 }).body.max_tokens, 7);
});

test('what Messages has no field for is reported', () => {
  const { losses } = encode({
    seed: 1,
    verbosity: 'low',
    temperature: 1.5,
    topP: 0.5,
    stop: ['\n', 'END'],
    cacheKey: 'k',
  });
  assert.deepEqual(
    losses.map(({ path }) => path),
    ['temperature', 'topP', 'stop', 'seed', 'verbosity'],
  );
});

test('what is written decodes to the same parts', () => {
  const flat = (messages: readonly Message[]) =>
    messages.flatMap((message): unknown[] => message.parts.map((part) => ({ role: message.role, part })));
  const visible = anyText.filter((text) => text.trim() !== '');
  const image = { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' }, cache: {} } as const;
  const property = fc.property(
    fc.array(answerPart, { minLength: 1, maxLength: 6 }),
    visible,
    (parts, text) => {
      const seen = new Set<string>();
      const own = parts.flatMap((part): AssistantPart[] => {
        if (part.type === 'text') return part.text.trim() === '' ? [] : [part];
        if (part.type === 'reasoning') {
          return [{ ...part, signature: { issuer: 'anthropic', kind: 'signature', data: part.text } }];
        }
        if (part.type !== 'tool-call' || part.kind !== 'function' || seen.has(part.id)) return [];
        seen.add(part.id);
        return [{ ...part, input: JSON.stringify(JSON.parse(part.input)) }];
      });
      const calls = own.filter((part) => part.type === 'tool-call');
      fc.pre(own.length > 0 && own.at(-1)?.type !== 'reasoning');
      const messages: Message[] = [
        { role: 'system', parts: [{ type: 'text', text: 'rules', cache: { ttl: '5m' } }] },
        { role: 'user', parts: [{ type: 'text', text }, image] },
        { role: 'assistant', parts: own },
        ...(calls.length
          ? [
              {
                role: 'tool' as const,
                parts: calls.map(({ id }) => ({
                  type: 'tool-result' as const,
                  kind: 'function' as const,
                  callId: id,
                  content: [{ type: 'text' as const, text }, image],
                  isError: true,
                })),
              },
            ]
          : []),
        { role: 'user', parts: [{ type: 'text', text }] },
      ];
      const { body, losses } = encode({ messages, tools: fixtureTools });
      assert.deepEqual(losses, []);
      const decoded = anthropicMessages.decodeRequest(body);
      assert.ok(decoded.ok);
      assert.deepEqual(flat(decoded.value.messages), flat(messages));
    },
  );
  fc.assert(property, { numRuns: 150 });
});

test('files go out as documents: PDF as it is, text as text, anything else as a loss', () => {
  const file = (mediaType: string, text: string): Message => ({
    role: 'user',
    parts: [
      {
        type: 'file',
        filename: 'a',
        source: { kind: 'base64', mediaType, data: Buffer.from(text).toString('base64') },
      },
    ],
  });
  const written = (message: Message) =>
    asBlocks(encode({ messages: [message] }).body.messages[0]?.content)[0];
  assert.deepEqual(written(file('text/csv', 'ä,b')), {
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: 'ä,b' },
    title: 'a',
  });
  assert.equal(written(file('application/pdf', 'x'))?.type, 'document');
  assert.equal(
    encode({ messages: [file('application/zip', 'x')] }).losses[0]?.what,
    'file of type application/zip',
  );
});
