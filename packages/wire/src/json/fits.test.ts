import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { messagesRequestSchema } from '../anthropic-messages/schema.ts';
import { geminiRequestSchema } from '../gemini/schema.ts';
import { chatRequestSchema } from '../openai-chat/schema.ts';
import { responsesRequestSchema } from '../openai-responses/schema.ts';
import { fitsOf } from './fits.ts';

const tool = { name: 'f', description: 'd', parameters: { type: 'object', properties: {} }, strict: true };
const requests: [schema: z.ZodType, request: Record<string, unknown>][] = [
  [
    responsesRequestSchema,
    {
      model: 'm',
      instructions: 'be brief',
      input: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { role: 'assistant', content: 'hello' },
        {
          type: 'reasoning',
          id: 'rs_1',
          summary: [{ type: 'summary_text', text: 's' }],
          encrypted_content: 'x',
        },
        { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: ['any'] },
      ],
      tools: [{ type: 'function', ...tool }],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      max_output_tokens: 10,
      reasoning: { effort: 'low', summary: null },
      text: { format: { type: 'json_schema', name: 'a', schema: {} }, verbosity: 'low' },
      stream: true,
      metadata: { a: 1 },
      unheard_of: { b: [1] },
    },
  ],
  [
    messagesRequestSchema,
    {
      model: 'm',
      max_tokens: 10,
      system: [{ type: 'text', text: 's', cache_control: { type: 'ephemeral' } }],
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'ok' }] }],
        },
      ],
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
      thinking: { type: 'enabled', budget_tokens: 1024 },
      stop_sequences: ['x'],
    },
  ],
  [
    chatRequestSchema,
    {
      model: 'm',
      messages: [
        { role: 'system', content: 's' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'hi' },
            { type: 'image_url', image_url: { url: 'data:x' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'ok' },
      ],
      tools: [{ type: 'function', function: tool }],
      tool_choice: 'auto',
      stop: ['x'],
      stream_options: { include_usage: true },
    },
  ],
  [
    geminiRequestSchema,
    {
      model: 'm',
      contents: [{ role: 'user', parts: [{ text: 'hi' }, { functionCall: { name: 'f', args: {} } }] }],
      systemInstruction: { parts: [{ text: 's' }] },
      tools: [{ functionDeclarations: [{ name: 'f', parameters: {} }] }],
      generationConfig: { maxOutputTokens: 10, stopSequences: [] },
    },
  ],
];

const odd: unknown[] = [null, undefined, '', 'text', 'function', 0, -1, 1.5, Infinity, true, [], [null], {}];
odd.push({ type: 'text' }, { type: 'message' }, JSON.parse('{"__proto__":{"a":1}}'));

/** The request with each of its values in turn replaced by each odd one, or taken out. */
function* changed(value: unknown, put: (next: unknown) => unknown): Generator {
  for (const other of odd) yield put(other);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    const list = Array.isArray(value) ? value : undefined;
    if (!list) yield put(rest);
    yield* changed(inner, (next) =>
      put(list ? list.map((each, at) => (String(at) === key ? next : each)) : { ...value, [key]: next }),
    );
  }
}

test('what looks right is right, and zod would read the same from it', () => {
  for (const [schema, request] of requests) {
    const fits = fitsOf(schema);
    assert.equal(fits(request), true);
    let right = 0;
    for (const body of changed(request, (next) => next)) {
      if (!fits(body)) continue;
      right += 1;
      const read = schema.safeParse(body);
      assert.equal(read.success, true, JSON.stringify(body));
      assert.deepEqual(read.data, body);
    }
    assert.ok(right > 20, 'not only the one request');
  }
});

test('a schema that changes what it reads, or knows more than plain types, is left to zod', () => {
  const schemas = [
    z.object({ a: z.string() }),
    z.strictObject({ a: z.string() }),
    z.looseObject({ a: z.string().default('x') }),
    z.looseObject({ a: z.string().transform(Number) }),
    z.looseObject({ a: z.email() }),
    z.looseObject({ a: z.record(z.string(), z.number()) }),
  ];
  for (const schema of schemas)
    for (const a of ['a@b.de', '1', {}]) assert.equal(fitsOf(schema)({ a }), false);
});
