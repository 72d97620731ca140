import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AssistantPart } from '../canonical/index.ts';
import { sealSignature } from '../reasoning/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { decodeBytes, decodeContext, foldTurn, type FoldedTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { anthropicMessages } from './index.ts';

const folder = new URL('./__fixtures__/', import.meta.url);
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`${name}.sse`, folder));
const context = () => decodeContext(createToolNames(fixtureTools));
const decode = (name: string) => decodeBytes(anthropicMessages, bytesOf(name), context());
const stream = (...events: { type: string }[]): FoldedTurn => {
  const text = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  return foldTurn(decodeBytes(anthropicMessages, new TextEncoder().encode(text), context()));
};
const call = (id: string, name: string, input: string): AssistantPart => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name,
  input,
});

const counted = {
  inputTokens: 425,
  outputTokens: 42,
  cachedInputTokens: 300,
  cacheWriteTokens: 100,
  cacheWrite1hTokens: 40,
};

const expected: Record<string, FoldedTurn> = {
  text: { parts: [{ type: 'text', text: 'Grüße, 世界 🌍' }], finish: 'stop', usage: counted },
  'thinking-parallel-calls': {
    parts: [
      {
        type: 'reasoning',
        text: 'I need two calls.',
        summary: [],
        signature: { issuer: 'maker', kind: 'signature', data: 'EqQBCgIYAhIM+/==' },
      },
      {
        type: 'reasoning',
        text: '',
        summary: [],
        signature: { issuer: 'maker', kind: 'redacted', data: 'EmwKAhgBEgy3va==' },
      },
      { type: 'text', text: 'Looking.' },
      call('toolu_01A', 'look_up', '{"q": "aß"}'),
      call('toolu_01B', 'list_files', '{}'),
    ],
    finish: 'tool-calls',
    usage: counted,
  },
  'freeform-and-namespaced-calls': {
    parts: [
      { type: 'tool-call', kind: 'custom', id: 'toolu_01C', name: 'run_code', input: 'line 1\nsay("hi")' },
      { ...call('toolu_01D', 'read', '{"path":"a.txt"}'), namespace: 'mcp__files' } as AssistantPart,
    ],
    finish: 'tool-calls',
    usage: counted,
  },
  'server-tool-pause': {
    parts: [
      {
        type: 'opaque',
        protocol: 'anthropic-messages',
        label: 'server_tool_use',
        raw: { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
      },
      {
        type: 'opaque',
        protocol: 'anthropic-messages',
        label: 'web_search_tool_result',
        raw: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      },
      { type: 'text', text: 'Found.' },
    ],
    finish: 'pause',
    usage: counted,
  },
  'error-event': {
    parts: [{ type: 'text', text: 'Half' }],
    usage: { ...counted, outputTokens: 1 },
    error: { kind: 'overloaded', message: 'Overloaded', source: 'upstream', code: 'overloaded_error' },
  },
  'stop-sequence': {
    parts: [{ type: 'text', text: 'One ' }],
    finish: 'stop-sequence',
    stopSequence: 'END',
    usage: counted,
  },
  refusal: { parts: [{ type: 'text', text: 'I will not.' }], finish: 'refusal', usage: counted },
  length: { parts: [{ type: 'text', text: 'Cut o' }], finish: 'length', usage: counted },
  truncated: {
    parts: [{ type: 'text', text: 'Never fin' }],
    usage: { ...counted, outputTokens: 1 },
    error: {
      kind: 'server',
      source: 'upstream',
      code: 'stream_truncated',
      message: 'the provider closed the stream before the answer was complete',
    },
  },
  'look-alike-whole-input': {
    parts: [call('functions.look_up:0', 'look_up', '{"q":"whole"}')],
    finish: 'tool-calls',
    usage: { inputTokens: 100, outputTokens: 8, cachedInputTokens: 10 },
  },
};

test('every recorded stream is covered by an expectation', () => {
  const recorded = readdirSync(folder).map((file) => file.replace(/\.sse$/, ''));
  assert.deepEqual(recorded.toSorted(), Object.keys(expected).toSorted());
});

for (const [name, turn] of Object.entries(expected)) {
  test(`the stream "${name}" adds up to its turn`, () => {
    assert.deepEqual(foldTurn(decode(name)), turn);
  });
}

test('any chunking of the bytes gives the same events', () => {
  for (const name of Object.keys(expected)) {
    const whole = decode(name);
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
      (sizes) => {
        assert.deepEqual(decodeBytes(anthropicMessages, bytesOf(name), context(), sizes), whole);
      },
    );
    fc.assert(property, { numRuns: 20 });
  }
});

test('a ping is a heartbeat', () => {
  assert.equal(decode('text').filter((event) => event.type === 'heartbeat').length, 1);
});

test('a later usage revises the input, and zeros that a look-alike fills in do not', () => {
  const head = {
    type: 'message_start',
    message: { id: 'msg_1', usage: { input_tokens: 50, output_tokens: 1 } },
  };
  const tail = (usage: object) => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage });
  const stop = { type: 'message_stop' };
  assert.deepEqual(stream(head, tail({ input_tokens: 60, output_tokens: 9 }), stop).usage, {
    inputTokens: 60,
    outputTokens: 9,
  });
  assert.deepEqual(stream(head, tail({ input_tokens: 0, output_tokens: 9 }), stop).usage, {
    inputTokens: 50,
    outputTokens: 9,
  });
  const cached = { input_tokens: 0, cache_read_input_tokens: 50, output_tokens: 9 };
  assert.deepEqual(stream(head, tail(cached), stop).usage, {
    inputTokens: 50,
    outputTokens: 9,
    cachedInputTokens: 50,
  });
});

test('a stream that ends behind its stop reason but without message_stop is complete', () => {
  const turn = stream({ type: 'message_start' }, {
    type: 'message_delta',
    delta: { stop_reason: 'end_turn' },
    usage: { output_tokens: 1 },
  } as never);
  assert.equal(turn.finish, 'stop');
});

test('blocks that were never stopped are closed', () => {
  const turn = stream(
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'a' } } as never,
    { type: 'message_stop' },
  );
  assert.deepEqual(turn.parts, [{ type: 'text', text: 'a' }]);
});

test('a sealed signature gives its issuer and its bytes back', () => {
  const signature = sealSignature({ issuer: 'openai', kind: 'encrypted', data: 'gAAAA.b-c' });
  const turn = stream(
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'thinking', thinking: '', signature },
    } as never,
    { type: 'message_stop' },
  );
  assert.deepEqual(turn.parts, [
    {
      type: 'reasoning',
      text: '',
      summary: [],
      signature: { issuer: 'openai', kind: 'encrypted', data: 'gAAAA.b-c' },
    },
  ]);
});
