import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TurnRequest } from '../canonical/index.ts';
import { encodeBase64 } from '../media/base64.ts';
import { sealSignature } from '../reasoning/index.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { gemini } from './index.ts';

function decode(body: object): TurnRequest {
  const decoded = gemini.decodeRequest({ model: 'models/m', contents: [], ...body });
  assert.ok(decoded.ok, JSON.stringify(decoded));
  return decoded.value;
}

const call = (name: string, more: object = {}) => ({ functionCall: { name, args: { a: 1 }, ...more } });
const response = (name: string, output: unknown, more: object = {}) => ({
  functionResponse: { name, response: { output }, ...more },
});

test('a request without ids gets the same ids every time, and each response finds its call', () => {
  const contents = [
    { role: 'user', parts: [{ text: 'go' }] },
    { role: 'model', parts: [call('f'), call('g'), call('f')] },
    { role: 'user', parts: [response('g', 'of g'), response('f', 'first f'), response('f', 'second f')] },
    { role: 'model', parts: [call('f')] },
    { role: 'function', parts: [response('f', 'third f')] },
  ];
  const { messages } = decode({ contents });
  assert.deepEqual(decode({ contents: contents.slice(0, 3) }).messages, messages.slice(0, 3));
  const ids = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : [])),
  );
  assert.equal(new Set(ids).size, 4);
  const results = messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === 'tool-result' ? [part] : [])),
  );
  assert.deepEqual(
    results.map(({ callId, content }) => [ids.indexOf(callId), content]),
    [
      [1, [{ type: 'text', text: 'of g' }]],
      [0, [{ type: 'text', text: 'first f' }]],
      [2, [{ type: 'text', text: 'second f' }]],
      [3, [{ type: 'text', text: 'third f' }]],
    ],
  );
});

test('ids that the client gives are kept, and no made-up id takes one of them', () => {
  const { messages } = decode({
    contents: [
      { role: 'model', parts: [call('f', { id: 'call_1' }), call('f')] },
      { role: 'user', parts: [response('f', 'b', { id: 'call_1' }), response('f', 'a')] },
    ],
  });
  assert.deepEqual(
    messages.flatMap(({ parts }) =>
      parts.map((part) =>
        part.type === 'tool-call' ? part.id : part.type === 'tool-result' ? part.callId : '',
      ),
    ),
    ['call_1', 'call_2', 'call_1', 'call_2'],
  );
});

test('results are text, errors, objects, or pictures', () => {
  const parts = [
    { functionResponse: { name: 'a', response: { error: 'no such file' } } },
    { functionResponse: { name: 'b', response: { result: { n: 1 } } } },
    { functionResponse: { name: 'c', response: { temperature: 21, unit: 'C' } } },
    {
      functionResponse: {
        name: 'd',
        response: {},
        parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }],
      },
    },
  ];
  const { messages } = decode({ contents: [{ role: 'user', parts }] });
  const [results] = messages;
  assert.ok(results?.role === 'tool');
  assert.deepEqual(
    results.parts.map(({ content, isError }) => [content, isError ?? false]),
    [
      [[{ type: 'text', text: 'no such file' }], true],
      [[{ type: 'text', text: '{"n":1}' }], false],
      [[{ type: 'text', text: '{"temperature":21,"unit":"C"}' }], false],
      [[{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } }], false],
    ],
  );
});

test('snake case is read like camel case, and the user’s own names are left alone', () => {
  const request = decode({
    system_instruction: { parts: [{ text: 'be brief' }] },
    contents: [
      {
        role: 'user',
        parts: [{ inline_data: { mime_type: 'application/pdf', data: 'AA', display_name: 'a.pdf' } }],
      },
      { role: 'model', parts: [{ function_call: { name: 'f', args: { my_key: { in_ner: 1 } } } }] },
    ],
    tools: [
      {
        function_declarations: [
          { name: 'f', parameters: { type: 'OBJECT', properties: { my_key: { type: 'STRING' } } } },
        ],
      },
    ],
    tool_config: { function_calling_config: { mode: 'ANY', allowed_function_names: ['f'] } },
    generation_config: {
      max_output_tokens: 9,
      stop_sequences: ['x'],
      thinking_config: { thinking_budget: -1 },
    },
  });
  assert.deepEqual(request, {
    model: 'm',
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 'be brief' }] },
      {
        role: 'user',
        parts: [
          {
            type: 'file',
            source: { kind: 'base64', mediaType: 'application/pdf', data: 'AA' },
            filename: 'a.pdf',
          },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', input: '{"my_key":{"in_ner":1}}' },
        ],
      },
    ],
    tools: [
      {
        kind: 'function',
        name: 'f',
        parameters: { type: 'object', properties: { my_key: { type: 'string' } } },
      },
    ],
    toolChoice: { type: 'tool', tool: { name: 'f' } },
    maxOutputTokens: 9,
    stop: ['x'],
    reasoning: { adaptive: true },
    stream: false,
  });
});

test('schemas in Gemini’s dialect become JSON Schema; full JSON Schema is kept and marked', () => {
  const { tools, responseFormat } = decode({
    tools: [
      {
        functionDeclarations: [
          {
            name: 'f',
            parameters: {
              type: 'OBJECT',
              properties: {
                a: { type: 'STRING', nullable: true, enum: ['x', 'y'] },
                b: { type: 'ARRAY', items: { type: 'INTEGER' }, minItems: '2' },
                c: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }], nullable: true },
              },
              propertyOrdering: ['b', 'a'],
            },
          },
          { name: 'g', parametersJsonSchema: { type: 'object', additionalProperties: false } },
        ],
      },
      { googleSearch: {} },
    ],
    generationConfig: {
      responseMimeType: 'application/json',
      responseSchema: { type: 'ARRAY', items: { type: 'STRING' } },
    },
  });
  assert.deepEqual(tools, [
    {
      kind: 'function',
      name: 'f',
      parameters: {
        type: 'object',
        properties: {
          a: { type: ['string', 'null'], enum: ['x', 'y', null] },
          b: { type: 'array', items: { type: 'integer' }, minItems: 2 },
          c: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        },
      },
    },
    {
      kind: 'function',
      name: 'g',
      parameters: { type: 'object', additionalProperties: false },
      fullSchema: true,
    },
    { kind: 'hosted', name: 'googleSearch', protocol: 'gemini', raw: { googleSearch: {} } },
  ]);
  assert.deepEqual(responseFormat, {
    type: 'json-schema',
    name: 'answer',
    schema: { type: 'array', items: { type: 'string' } },
  });
});

test('what only Gemini knows is kept for Gemini and a loss elsewhere', async () => {
  const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
  const request = decode({
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    safetySettings,
    cachedContent: 'cachedContents/1',
    generationConfig: { temperature: 1, mediaResolution: 'MEDIA_RESOLUTION_LOW' },
  });
  const { body, losses } = gemini.encodeRequest(request, { model: 'm', issuer: 'gemini' });
  assert.deepEqual(losses, []);
  assert.deepEqual(body.safetySettings, safetySettings);
  assert.equal(body.cachedContent, 'cachedContents/1');
  assert.deepEqual(body.generationConfig, { temperature: 1, mediaResolution: 'MEDIA_RESOLUTION_LOW' });
  const { protocols } = await import('../index.ts');
  for (const other of ['openai-chat', 'openai-responses', 'anthropic-messages'] as const) {
    const lost = protocols[other].encodeRequest(request, { model: 'm', issuer: 'x' }).losses;
    assert.deepEqual(
      lost.filter(({ path }) => path.startsWith('vendor.')).map(({ what }) => what),
      ['safetySettings', 'cachedContent', 'generationConfig (mediaResolution)'],
    );
  }
});

test('signatures of other vendors that a Gemini client kept are opened; Gemini’s own are Gemini’s', () => {
  const sealed = sealSignature({ issuer: 'anthropic', kind: 'signature', data: 'Eq+/=', text: 'hm' });
  const { messages } = decode({
    contents: [
      {
        role: 'model',
        parts: [
          { text: '', thought: true, thoughtSignature: encodeBase64(encodeUtf8(sealed)) },
          { ...call('f', { id: 'x' }), thoughtSignature: 'Q2l+/==' },
          { ...call('g', { id: 'y' }), thoughtSignature: 'skip_thought_signature_validator' },
        ],
      },
    ],
  });
  const parts = messages[0]?.parts ?? [];
  assert.deepEqual(parts[0], {
    type: 'reasoning',
    text: 'hm',
    summary: [],
    signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq+/=' },
  });
  assert.deepEqual(
    parts.slice(1).map((part) => part.type === 'tool-call' && part.signature),
    [{ issuer: 'gemini', kind: 'signature', data: 'Q2l+/==' }, undefined],
  );
});

test('a countTokens request may have everything inside generateContentRequest', () => {
  const inner = {
    contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    tools: [{ functionDeclarations: [{ name: 'f' }] }],
  };
  const decoded = gemini.decodeRequest({
    model: 'm',
    generateContentRequest: { model: 'models/other', ...inner },
  });
  assert.ok(decoded.ok);
  assert.equal(decoded.value.model, 'm');
  assert.equal(decoded.value.tools.length, 1);
  assert.equal(decoded.value.messages.length, 1);
});

test('bad input is one clear error with its place', () => {
  const said = (body: object) => {
    const decoded = gemini.decodeRequest({ model: 'm', ...body });
    return decoded.ok ? '' : `${decoded.error.param}: ${decoded.error.message}`;
  };
  assert.match(said({}), /^contents: contents/);
  assert.match(said({ contents: [{ role: 'assistant', parts: [] }] }), /^contents\[0\]\.role/);
  assert.match(said({ contents: [{ parts: [{ text: 1 }] }] }), /^contents\[0\]\.parts\[0\]\.text/);
  assert.match(
    said({ contents: [{ parts: [{ functionCall: { args: {} } }] }] }),
    /^contents\[0\]\.parts\[0\]\.functionCall\.name/,
  );
});

test('thoughts that were streamed in pieces come back as one, for Gemini and for the vendor that signed them', () => {
  const pieces = [
    { text: 'One ', thought: true },
    { text: 'two.', thought: true },
  ];
  const sealed = sealSignature({ issuer: 'anthropic', kind: 'signature', data: 'Eq', text: 'One two.' });
  const read = (thoughtSignature: string) =>
    decode({
      contents: [
        { role: 'model', parts: [...pieces, { text: '', thought: true, thoughtSignature }, { text: 'yes' }] },
      ],
    }).messages[0]?.parts;
  const thought = { type: 'reasoning', text: 'One two.', summary: [] };
  const text = { type: 'text', text: 'yes' };
  assert.deepEqual(read(encodeBase64(encodeUtf8(sealed))), [
    { ...thought, signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq' } },
    text,
  ]);
  assert.deepEqual(read('b3du'), [
    { ...thought, signature: { issuer: 'gemini', kind: 'signature', data: 'b3du' } },
    text,
  ]);
});
