import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssistantPart, Message, TurnRequest } from '../canonical/index.ts';
import { gemini } from './index.ts';

const plain: TurnRequest = {
  model: 'm',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
  tools: [],
  stream: false,
};
const tool = {
  kind: 'function' as const,
  name: 'f',
  parameters: { type: 'object', properties: { a: { type: 'string' } } },
};

interface Out {
  contents: { role: string; parts: Record<string, unknown>[] }[];
  tools?: { functionDeclarations?: Record<string, unknown>[] }[];
  toolConfig?: unknown;
  generationConfig?: Record<string, unknown>;
  systemInstruction?: unknown;
}

function encode(change: Partial<TurnRequest>, model = 'gemini-3-pro-preview') {
  const { body, losses, names } = gemini.encodeRequest({ ...plain, ...change }, { model, issuer: 'google' });
  return { body: body as unknown as Out, losses, names };
}

const call = (id: string, data?: string, issuer = 'google'): AssistantPart => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name: 'f',
  input: '{"a":"1"}',
  ...(data && { signature: { issuer, kind: 'signature', data } }),
});
const result = (...ids: string[]): Message => ({
  role: 'tool',
  parts: ids.map((callId) => ({
    type: 'tool-result',
    kind: 'function',
    callId,
    content: [{ type: 'text', text: `of ${callId}` }],
  })),
});
const user: Message = { role: 'user', parts: [{ type: 'text', text: 'go' }] };
const signaturesOf = (out: Out) =>
  out.contents.flatMap(({ parts }) =>
    parts.filter((part) => part.functionCall).map((part) => part.thoughtSignature ?? null),
  );

// Gitlawb/openclaude#67
test('every step’s first call carries its own signature back, and parallel ones stay unsigned', () => {
  const { body, losses } = encode({
    messages: [
      user,
      { role: 'assistant', parts: [call('a', 'c2lnQQ+/=='), call('b')] },
      result('a', 'b'),
      { role: 'assistant', parts: [call('c', 'c2lnQw==')] },
      result('c'),
    ],
  });
  assert.deepEqual(signaturesOf(body), ['c2lnQQ+/==', null, 'c2lnQw==']);
  assert.deepEqual(losses, []);
});

// Gitlawb/openclaude#67
test('a history without signatures, or with another vendor’s, gets the placeholder on first calls only', () => {
  const messages: Message[] = [
    user,
    { role: 'assistant', parts: [call('a', 'eA==', 'elsewhere'), call('b', 'eQ==', 'elsewhere')] },
    result('a', 'b'),
    { role: 'assistant', parts: [call('c')] },
    result('c'),
  ];
  const { body, losses } = encode({ messages });
  const placeholder = 'skip_thought_signature_validator';
  assert.deepEqual(signaturesOf(body), [placeholder, null, placeholder]);
  assert.deepEqual(
    losses.map(({ what }) => what),
    ['call signature'],
  );
  assert.deepEqual(signaturesOf(encode({ messages }, 'gemini-2.5-pro').body), [null, null, null]);
});

test('results stand in one turn behind their calls, in their order, with their names; the next words follow', () => {
  const { body } = encode({
    messages: [user, { role: 'assistant', parts: [call('a'), call('b')] }, result('b', 'a'), user],
  });
  assert.deepEqual(
    body.contents.map(({ role }) => role),
    ['user', 'model', 'user'],
  );
  assert.deepEqual(body.contents[2]?.parts, [
    { functionResponse: { id: 'a', name: 'f', response: { output: 'of a' } } },
    { functionResponse: { id: 'b', name: 'f', response: { output: 'of b' } } },
    { text: 'go' },
  ]);
});

test('errors and pictures in results: inside from Gemini 3 on, beside the result before', () => {
  const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } } as const;
  const messages: Message[] = [
    user,
    { role: 'assistant', parts: [call('a')] },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          kind: 'function',
          callId: 'a',
          isError: true,
          content: [{ type: 'text', text: 'no' }, image],
        },
      ],
    },
  ];
  const inlineData = { mimeType: 'image/png', data: 'AA' };
  assert.deepEqual(encode({ messages }).body.contents.at(-1)?.parts, [
    { functionResponse: { id: 'a', name: 'f', response: { error: 'no' }, parts: [{ inlineData }] } },
  ]);
  assert.deepEqual(encode({ messages }, 'gemini-2.5-flash').body.contents.at(-1)?.parts, [
    { functionResponse: { id: 'a', name: 'f', response: { error: 'no' } } },
    { text: '[From the result of f:]' },
    { inlineData },
  ]);
});

test('a history that begins with the model gets a user’s turn first', () => {
  const { body } = encode({ messages: [{ role: 'assistant', parts: [call('a')] }, result('a')] });
  assert.deepEqual(
    body.contents.map(({ role }) => role),
    ['user', 'model', 'user'],
  );
});

test('tool choices find Gemini’s words', () => {
  const config = (toolChoice: TurnRequest['toolChoice']) =>
    encode({ tools: [tool, { ...tool, name: 'g' }], ...(toolChoice && { toolChoice }) }).body;
  const calling = (choice: TurnRequest['toolChoice']) =>
    (config(choice).toolConfig as { functionCallingConfig: unknown } | undefined)?.functionCallingConfig;
  assert.equal(calling(undefined), undefined);
  assert.deepEqual(calling({ type: 'auto' }), { mode: 'AUTO' });
  assert.deepEqual(calling({ type: 'none' }), { mode: 'NONE' });
  assert.deepEqual(calling({ type: 'required' }), { mode: 'ANY' });
  assert.deepEqual(calling({ type: 'tool', tool: { name: 'g' } }), {
    mode: 'ANY',
    allowedFunctionNames: ['g'],
  });
  const allowed = config({ type: 'allowed', mode: 'auto', tools: [{ name: 'g' }] });
  assert.deepEqual(
    allowed.tools?.[0]?.functionDeclarations?.map(({ name }) => name),
    ['g'],
  );
});

test('functions: full schemas stay, empty ones go, names begin with a letter', () => {
  const { body, names } = encode({
    tools: [
      { ...tool, fullSchema: true, parameters: { type: 'object', additionalProperties: false } },
      { kind: 'function', name: '2fa', parameters: { type: 'object', properties: {} } },
    ],
  });
  assert.deepEqual(body.tools, [
    {
      functionDeclarations: [
        { name: 'f', parametersJsonSchema: { type: 'object', additionalProperties: false } },
        { name: '_2fa' },
      ],
    },
  ]);
  assert.deepEqual(names.restore('_2fa'), { kind: 'function', name: '2fa' });
});

test('thinking: levels for Gemini 3, budgets for 2.5, a loss before and where it cannot be off', () => {
  const thinking = (reasoning: NonNullable<TurnRequest['reasoning']>, model: string) => {
    const { body, losses } = encode({ reasoning }, model);
    return [body.generationConfig?.thinkingConfig, losses.map(({ what }) => what)];
  };
  const shown = { includeThoughts: true };
  assert.deepEqual(thinking({ effort: 'medium' }, 'gemini-3-pro-preview'), [
    { thinkingLevel: 'high', ...shown },
    [],
  ]);
  assert.deepEqual(thinking({ effort: 'medium' }, 'gemini-3-flash'), [
    { thinkingLevel: 'medium', ...shown },
    [],
  ]);
  assert.deepEqual(thinking({ budgetTokens: 2000 }, 'gemini-3.1-pro'), [
    { thinkingLevel: 'low', ...shown },
    [],
  ]);
  assert.deepEqual(thinking({ budgetTokens: 50_000 }, 'gemini-2.5-flash'), [
    { thinkingBudget: 24_576, ...shown },
    [],
  ]);
  assert.deepEqual(thinking({ adaptive: true }, 'gemini-2.5-pro'), [{ thinkingBudget: -1, ...shown }, []]);
  assert.deepEqual(thinking({ disabled: true }, 'gemini-2.5-flash'), [{ thinkingBudget: 0 }, []]);
  assert.deepEqual(thinking({ effort: 'none' }, 'gemini-2.5-pro'), [
    { thinkingBudget: 128 },
    ['reasoning off'],
  ]);
  assert.deepEqual(thinking({ effort: 'high' }, 'gemini-2.0-flash'), [undefined, ['reasoning']]);
});

test('JSON answers: with a schema; before Gemini 3 not together with functions', () => {
  const responseFormat = {
    type: 'json-schema',
    name: 'n',
    schema: { type: 'object', properties: { a: { const: 'x' } } },
  } as const;
  assert.deepEqual(encode({ responseFormat }).body.generationConfig, {
    responseMimeType: 'application/json',
    responseSchema: { type: 'object', properties: { a: { type: 'string', enum: ['x'] } } },
  });
  const { body, losses } = encode({ responseFormat, tools: [tool] }, 'gemini-2.5-pro');
  assert.equal(body.generationConfig, undefined);
  assert.equal(losses[0]?.what, 'JSON answer');
});

test('own thoughts go back where they were; others’ do not go at all', () => {
  const thought = (issuer: string, text: string): AssistantPart => ({
    type: 'reasoning',
    text,
    summary: [],
    signature: { issuer, kind: 'signature', data: 'c2ln' },
  });
  const { body, losses } = encode({
    messages: [
      user,
      {
        role: 'assistant',
        parts: [thought('google', 'hm'), { type: 'text', text: 'yes' }, thought('google', '')],
      },
      user,
      { role: 'assistant', parts: [thought('anthropic', 'secret'), { type: 'text', text: 'no' }] },
      user,
    ],
  });
  assert.deepEqual(body.contents[1]?.parts, [
    { text: 'hm', thought: true, thoughtSignature: 'c2ln' },
    { text: 'yes' },
    { text: '', thoughtSignature: 'c2ln' },
  ]);
  assert.equal(JSON.stringify(body).includes('secret'), false);
  assert.equal(losses[0]?.what, 'reasoning of another provider');
});
