import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssistantPart, Message, TurnRequest } from '../canonical/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { encodeRequest } from './encode-request.ts';

const CLAUDE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'hi' }] };
const encode = (change: Partial<TurnRequest> = {}, model = CLAUDE) =>
  encodeRequest(
    { model: 'm', messages: [hello], tools: [], stream: true, ...change },
    { model, issuer: 'aws' },
  );
const call = (id: string, more: Partial<AssistantPart> = {}): AssistantPart =>
  ({
    type: 'tool-call',
    kind: 'function',
    id,
    name: 'look_up',
    input: '{"q":"x"}',
    ...more,
  }) as AssistantPart;
const result = (callId: string, text = 'found'): Message => ({
  role: 'tool',
  parts: [{ type: 'tool-result', kind: 'function', callId, content: [{ type: 'text', text }] }],
});

test('a plain request is messages alone: model and stream stand in the URL', () => {
  const { body, losses } = encode({ maxOutputTokens: 100, temperature: 0.5, stop: ['END'] });
  assert.deepEqual(body, {
    messages: [{ role: 'user', content: [{ text: 'hi' }] }],
    inferenceConfig: { maxTokens: 100, temperature: 0.5, stopSequences: ['END'] },
  });
  assert.deepEqual(losses, []);
  assert.deepEqual(Object.keys(encode().body), ['messages']);
});

test('system text goes apart, later system text is marked, roles alternate from the user on', () => {
  const { body, losses } = encode({
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'developer', parts: [{ type: 'text', text: 'Sandbox: on.' }] },
      { role: 'assistant', parts: [{ type: 'text', text: 'Ready.' }] },
      hello,
      { role: 'developer', parts: [{ type: 'text', text: 'Now in French.' }] },
      { role: 'user', parts: [{ type: 'text', text: '  ' }] },
    ],
  });
  assert.deepEqual(body['system'], [{ text: 'Be brief.' }, { text: 'Sandbox: on.' }]);
  assert.deepEqual(body['messages'], [
    { role: 'user', content: [{ text: 'Continue.' }] },
    { role: 'assistant', content: [{ text: 'Ready.' }] },
    { role: 'user', content: [{ text: 'hi' }, { text: '<system>\nNow in French.\n</system>' }] },
  ]);
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['later system message'],
  );
});

test('complaint 15: ids that Bedrock refuses are fitted, the same for call and result', () => {
  const { body } = encode({
    messages: [hello, { role: 'assistant', parts: [call('functions.Bash:0')] }, result('functions.Bash:0')],
  });
  const [, asked, answered] = body['messages'] as { content: Record<string, { toolUseId: string }>[] }[];
  const id = asked?.content[0]?.['toolUse']?.toolUseId ?? '';
  assert.match(id, /^[a-zA-Z0-9_-]{1,64}$/);
  assert.equal(answered?.content[0]?.['toolResult']?.toolUseId, id);
});

test('results stand first in the turn behind their calls; failures, nothing and images are said', () => {
  const { body } = encode({
    messages: [
      hello,
      {
        role: 'assistant',
        parts: [call('a'), call('b'), call('c', { kind: 'custom', input: 'ls' } as object)],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            kind: 'function',
            callId: 'b',
            isError: true,
            content: [
              { type: 'text', text: 'no' },
              { type: 'image', source: { kind: 'base64', mediaType: 'image/jpeg', data: '/9j/' } },
            ],
          },
          { type: 'tool-result', kind: 'function', callId: 'a', content: [] },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'go on' }] },
    ],
  });
  const [, asked, answered] = body['messages'] as { content: unknown[] }[];
  assert.deepEqual(asked?.content[2], {
    toolUse: { toolUseId: 'c', name: 'look_up', input: { input: 'ls' } },
  });
  assert.deepEqual(answered?.content, [
    { toolResult: { toolUseId: 'a', content: [{ text: '(empty)' }] } },
    {
      toolResult: {
        toolUseId: 'b',
        content: [{ text: 'no' }, { image: { format: 'jpeg', source: { bytes: '/9j/' } } }],
        status: 'error',
      },
    },
    { toolResult: { toolUseId: 'c', content: [{ text: 'No result was recorded for this call.' }] } },
    { text: 'go on' },
  ]);
});

test('tools keep their order; freeform ones take one string, namespaces become part of the name', () => {
  const { body } = encode({ tools: fixtureTools, toolChoice: { type: 'required' } });
  const config = body['toolConfig'] as { tools: { toolSpec: { name: string } }[]; toolChoice: unknown };
  assert.deepEqual(
    config.tools.map(({ toolSpec }) => toolSpec.name),
    ['look_up', 'list_files', 'run_code', 'mcp__files__read'],
  );
  assert.deepEqual(config.toolChoice, { any: {} });
  const named = { type: 'tool', tool: { name: 'read', namespace: 'mcp__files' } } as const;
  const choice = (model: string) =>
    (encode({ tools: fixtureTools, toolChoice: named }, model).body['toolConfig'] as typeof config)
      .toolChoice;
  assert.deepEqual(choice(CLAUDE), { tool: { name: 'mcp__files__read' } });
  assert.deepEqual(choice('mistral.mistral-large-2407-v1:0'), { any: {} });
  assert.equal(choice('meta.llama3-1-70b-instruct-v1:0'), undefined);
});

test('a history with calls always comes with definitions, since Bedrock refuses it without', () => {
  const messages: Message[] = [hello, { role: 'assistant', parts: [call('a')] }, result('a')];
  const without = encode({ messages }).body['toolConfig'] as { tools: { toolSpec: { name: string } }[] };
  assert.deepEqual(
    without.tools.map(({ toolSpec }) => toolSpec.name),
    ['look_up'],
  );
  const none = encode({ messages, tools: fixtureTools, toolChoice: { type: 'none' } });
  assert.equal((none.body['toolConfig'] as typeof without).tools.length, 4);
  assert.deepEqual(
    none.losses.map(({ path }) => path),
    ['toolChoice'],
  );
  assert.equal(encode({ tools: fixtureTools, toolChoice: { type: 'none' } }).body['toolConfig'], undefined);
});

test('complaint 12: reasoning goes back byte for byte to its issuer, and to nobody else', () => {
  const reasoning = (issuer: string, kind: 'signature' | 'redacted' = 'signature'): AssistantPart => ({
    type: 'reasoning',
    text: kind === 'redacted' ? '' : 'Hm.',
    summary: [],
    signature: { issuer, kind, data: 'EsgB+/==' },
  });
  const history = (...parts: AssistantPart[]): Partial<TurnRequest> => ({
    messages: [hello, { role: 'assistant', parts: [...parts, { type: 'text', text: 'yes' }] }, hello],
  });
  const sent = (...parts: AssistantPart[]) => {
    const { body, losses } = encode(history(...parts));
    return { content: (body['messages'] as { content: unknown[] }[])[1]?.content, losses };
  };
  assert.deepEqual(sent(reasoning('aws'), reasoning('aws', 'redacted')).content, [
    { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'EsgB+/==' } } },
    { reasoningContent: { redactedContent: 'EsgB+/==' } },
    { text: 'yes' },
  ]);
  const unsigned: AssistantPart = { type: 'reasoning', text: 'x', summary: [] };
  for (const foreign of [reasoning('anthropic'), unsigned]) {
    const { content, losses } = sent(foreign);
    assert.deepEqual(content, [{ text: 'yes' }]);
    assert.equal(losses.length, 1);
  }
});

test('cache marks become cache points behind what was marked, where the model knows them', () => {
  const cache = { ttl: '1h' } as const;
  const [tool] = fixtureTools;
  assert.ok(tool?.kind === 'function');
  const change: Partial<TurnRequest> = {
    tools: [{ ...tool, cache: {} }],
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'Long.', cache }] },
      hello,
      { role: 'assistant', parts: [call('a')] },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            kind: 'function',
            callId: 'a',
            content: [{ type: 'text', text: 'x', cache: {} }],
            cache,
          },
        ],
      },
    ],
  };
  const { body, losses } = encode(change);
  const long = { cachePoint: { type: 'default', ttl: '1h' } };
  assert.deepEqual(body['system'], [{ text: 'Long.' }, long]);
  assert.deepEqual((body['toolConfig'] as { tools: unknown[] }).tools[1], {
    cachePoint: { type: 'default' },
  });
  const last = (body['messages'] as { content: unknown[] }[]).at(-1)?.content;
  assert.deepEqual(last, [{ toolResult: { toolUseId: 'a', content: [{ text: 'x' }] } }, long]);
  assert.deepEqual(losses, []);
  const whole = encode({ cache: {} }).body['messages'] as { content: unknown[] }[];
  assert.deepEqual(whole[0]?.content.at(-1), { cachePoint: { type: 'default' } });

  const llama = encode(change, 'meta.llama3-1-70b-instruct-v1:0');
  assert.ok(!JSON.stringify(llama.body).includes('cachePoint'));
  assert.deepEqual(
    llama.losses.map(({ what }) => what),
    ['cache mark'],
  );
  const nova = encode(change, 'us.amazon.nova-pro-v1:0');
  assert.equal((nova.body['toolConfig'] as { tools: unknown[] }).tools.length, 1);
});

test('thinking is asked for in the words of the model’s maker', () => {
  const asked = (model: string, change: Partial<TurnRequest>) => encode(change, model).body;
  const effort = { reasoning: { effort: 'low' } } as const;
  assert.deepEqual(asked(CLAUDE, effort)['additionalModelRequestFields'], {
    thinking: { type: 'enabled', budget_tokens: 4096 },
  });
  assert.deepEqual(asked(CLAUDE, effort)['inferenceConfig'], { maxTokens: 32_000 });
  const adaptive = asked('global.anthropic.claude-opus-4-6-v1', effort);
  assert.deepEqual(adaptive['additionalModelRequestFields'], {
    thinking: { type: 'adaptive' },
    output_config: { effort: 'low' },
  });
  assert.deepEqual(asked('openai.gpt-oss-120b-1:0', effort)['additionalModelRequestFields'], {
    reasoning_effort: 'low',
  });
  assert.deepEqual(asked('us.amazon.nova-2-lite-v1:0', effort)['additionalModelRequestFields'], {
    reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' },
  });
  const llama = encode(effort, 'meta.llama3-1-70b-instruct-v1:0');
  assert.equal(llama.body['additionalModelRequestFields'], undefined);
  assert.equal(llama.losses.length, 1);
  const forced = encode({
    ...effort,
    tools: fixtureTools,
    toolChoice: { type: 'required' },
    temperature: 0.2,
  });
  assert.equal((forced.body['toolConfig'] as { toolChoice?: unknown }).toolChoice, undefined);
  assert.deepEqual(
    forced.losses.map(({ path }) => path),
    ['temperature', 'toolChoice'],
  );
  const loop: Message[] = [hello, { role: 'assistant', parts: [call('a')] }, result('a')];
  assert.equal(encode({ ...effort, messages: loop }).body['additionalModelRequestFields'], undefined);
});

test('documents keep a legal name of their own and stand beside words; what cannot be shown is said', () => {
  const pdf = (filename?: string) =>
    ({
      type: 'file',
      source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBE' },
      ...(filename && { filename }),
    }) as const;
  const { body, losses } = encode({
    messages: [
      { role: 'user', parts: [pdf('a_b.pdf'), pdf('a_b.pdf'), pdf()] },
      { role: 'assistant', parts: [{ type: 'text', text: 'ok' }] },
      {
        role: 'user',
        parts: [
          { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } },
          { type: 'file', source: { kind: 'base64', mediaType: 'audio/wav', data: 'UklG' } },
        ],
      },
    ],
  });
  const [first, , third] = body['messages'] as {
    content: { document?: { name: string }; text?: string }[];
  }[];
  assert.deepEqual(
    first?.content.map(({ document, text }) => document?.name ?? text),
    ['a-b-pdf', 'a-b-pdf (2)', 'document', 'The document is attached.'],
  );
  assert.equal(
    third?.content.every(({ text }) => text?.startsWith('[Left out here: ')),
    true,
  );
  assert.equal(losses.length, 2);
});

test('what Converse has no word for is reported, and only that', () => {
  const { body, losses } = encode({
    responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } },
    metadata: { team: 'core', odd: 'é' },
    serviceTier: 'flex',
    seed: 1,
    user: 'u',
    frequencyPenalty: 0,
    topK: 5,
    parallelToolCalls: false,
    tools: fixtureTools,
  });
  assert.deepEqual(losses.map(({ path }) => path).toSorted(), [
    'metadata',
    'parallelToolCalls',
    'seed',
    'user',
  ]);
  assert.deepEqual(body['requestMetadata'], { team: 'core' });
  assert.deepEqual(body['serviceTier'], { type: 'flex' });
  assert.deepEqual(body['additionalModelRequestFields'], { top_k: 5 });
  assert.deepEqual(body['outputConfig'], {
    textFormat: {
      type: 'json_schema',
      structure: { jsonSchema: { schema: '{"type":"object"}', name: 'answer' } },
    },
  });
});

test('a strict tool stays strict for Claude models that enforce schemas, and is told for the others', () => {
  const schema = { type: 'object', properties: {}, additionalProperties: false };
  const tools = [{ kind: 'function' as const, name: 'f', parameters: schema, strict: true }];
  const sent = (model: string) => {
    const { body, losses } = encode({ tools }, model);
    const { tools: specs } = body['toolConfig'] as { tools: { toolSpec: { strict?: boolean } }[] };
    return [specs[0]?.toolSpec.strict, losses.length];
  };
  assert.deepEqual(sent(CLAUDE), [true, 0]);
  assert.deepEqual(sent('anthropic.claude-3-5-sonnet-20241022-v2:0'), [undefined, 1]);
  assert.deepEqual(sent('amazon.nova-pro-v1:0'), [undefined, 1]);
});
