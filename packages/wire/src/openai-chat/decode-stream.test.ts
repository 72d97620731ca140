import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AssistantPart } from '../canonical/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { decodeBytes, decodeContext, foldTurn, type FoldedTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { openaiChat } from './index.ts';

const folder = new URL('./__fixtures__/', import.meta.url);
const bytesOf = (name: string): Uint8Array => readFileSync(new URL(`${name}.sse`, folder));
const context = () => decodeContext(createToolNames(fixtureTools));
const decode = (name: string) => decodeBytes(openaiChat, bytesOf(name), context());
const stream = (...chunks: unknown[]): FoldedTurn => {
  const text = chunks.map(
    (chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`,
  );
  return foldTurn(decodeBytes(openaiChat, new TextEncoder().encode(text.join('')), context()));
};
const delta = (fields: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const call = (id: string, name: string, input: string): AssistantPart => ({
  type: 'tool-call',
  kind: 'function',
  id,
  name,
  input,
});

const counted = { inputTokens: 120, outputTokens: 30, cachedInputTokens: 64, reasoningTokens: 12 };

const expected: Record<string, FoldedTurn> = {
  text: { parts: [{ type: 'text', text: 'Grüße, 世界 🌍!' }], finish: 'stop', usage: counted },
  'parallel-interleaved-calls': {
    parts: [
      call('call_A1b2C3d4', 'look_up', '{"q":"aße"}'),
      call('call_E5f6G7h8', 'list_files', '{"dir":"src"}'),
    ],
    finish: 'tool-calls',
    usage: counted,
  },
  'openrouter-reasoning': {
    parts: [
      { type: 'reasoning', text: 'Let me see.', summary: [] },
      { type: 'text', text: 'It is 4.' },
    ],
    finish: 'stop',
    usage: counted,
  },
  'deepseek-reasoning-call': {
    parts: [
      { type: 'reasoning', text: 'I should list.', summary: [] },
      call('call_0_f00dfeed', 'list_files', '{}'),
    ],
    finish: 'tool-calls',
    usage: { inputTokens: 10, outputTokens: 9, cachedInputTokens: 4 },
  },
  'gemini-calls-all-index-0': {
    parts: [
      {
        ...call('function-call-111', 'look_up', '{"q":"one"}'),
        signature: { issuer: 'maker', kind: 'signature', data: 'c2lnbmVk' },
      } as AssistantPart,
      call('function-call-222', 'look_up', '{"q":"two"}'),
    ],
    finish: 'tool-calls',
    usage: { inputTokens: 7, outputTokens: 5 },
  },
  'index-gaps-late-name': {
    parts: [call('call_gap12345', 'look_up', '{"q":"x"}'), call('call_gap67890', 'list_files', '{}')],
    finish: 'tool-calls',
    usage: counted,
  },
  'arguments-as-object-no-index': {
    parts: [call('call_obj00001', 'look_up', '{"q":"obj"}')],
    finish: 'tool-calls',
    usage: counted,
  },
  'arguments-after-finish': {
    parts: [call('call_late0001', 'look_up', '{"q":"late"}')],
    finish: 'tool-calls',
    usage: counted,
  },
  refusal: { parts: [{ type: 'refusal', text: 'I cannot do that.' }], finish: 'refusal', usage: counted },
  length: { parts: [{ type: 'text', text: 'Half an ans' }], finish: 'length', usage: counted },
  'error-chunk': {
    parts: [{ type: 'text', text: 'Half' }],
    error: {
      kind: 'overloaded',
      message: 'Provider returned error: upstream overloaded',
      source: 'upstream',
      status: 502,
    },
  },
  truncated: {
    parts: [{ type: 'text', text: 'Never fin' }],
    error: {
      kind: 'server',
      source: 'upstream',
      code: 'stream_truncated',
      message: 'the provider closed the stream before the answer was complete',
    },
  },
  'freeform-and-namespaced-calls': {
    parts: [
      {
        type: 'tool-call',
        kind: 'custom',
        id: 'call_patch001',
        name: 'run_code',
        input: 'line 1\nsay("hi")',
      },
      {
        type: 'tool-call',
        kind: 'function',
        id: 'call_ns000001',
        name: 'read',
        namespace: 'mcp__files',
        input: '{"path":"a.txt"}',
      },
    ],
    finish: 'tool-calls',
    usage: counted,
  },
  'mistral-content-list': {
    parts: [
      { type: 'reasoning', text: 'Hm, yes.', summary: [] },
      { type: 'text', text: 'Yes.' },
    ],
    finish: 'stop',
    usage: { inputTokens: 3, outputTokens: 4 },
  },
  'crlf-no-done': {
    parts: [{ type: 'text', text: 'crlf' }],
    finish: 'stop',
    usage: { inputTokens: 1, outputTokens: 1 },
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
    const whole = decode(name).filter((event) => event.type !== 'heartbeat');
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
      (sizes) => {
        const cut = decodeBytes(openaiChat, bytesOf(name), context(), sizes);
        assert.deepEqual(
          cut.filter((event) => event.type !== 'heartbeat'),
          whole,
        );
      },
    );
    fc.assert(property, { numRuns: 20 });
  }
});

test('comments and nothing else are heartbeats', () => {
  assert.equal(decode('openrouter-reasoning').filter((event) => event.type === 'heartbeat').length, 2);
});

test('calls without an index or an id continue the latest call', () => {
  const turn = stream(
    delta({ tool_calls: [{ id: 'call_1', function: { name: 'look_up', arguments: '{"q":' } }] }),
    delta({ tool_calls: [{ function: { arguments: '"x"}' } }] }),
    delta({ tool_calls: [{ id: 'call_2', function: { name: 'list_files', arguments: '' } }] }, 'stop'),
    '[DONE]',
  );
  assert.deepEqual(turn.parts, [call('call_1', 'look_up', '{"q":"x"}'), call('call_2', 'list_files', '{}')]);
  assert.equal(turn.finish, 'tool-calls');
});

test('calls that share index 0 and have no ids are told apart by complete arguments', () => {
  const one = (q: string) => ({ index: 0, function: { name: 'look_up', arguments: JSON.stringify({ q }) } });
  const turn = stream(delta({ tool_calls: [one('a'), one('b')] }), delta({}, 'stop'), '[DONE]');
  assert.deepEqual(
    turn.parts.map((part) => part.type === 'tool-call' && part.input),
    ['{"q":"a"}', '{"q":"b"}'],
  );
});

test('a new id on every fragment of one call does not split it', () => {
  const turn = stream(
    delta({ tool_calls: [{ index: 0, id: 'a1', function: { name: 'look_up', arguments: '{"q":' } }] }),
    delta({ tool_calls: [{ index: 0, id: 'a2', function: { arguments: '"x"}' } }] }),
    delta({}, 'tool_calls'),
    '[DONE]',
  );
  assert.deepEqual(turn.parts, [call('a1', 'look_up', '{"q":"x"}')]);
});

test('whole arguments repeated behind the finish reason are taken once', () => {
  const fragment = { index: 0, id: 'c1', function: { name: 'look_up', arguments: '{"q":"x"}' } };
  const turn = stream(
    delta({ tool_calls: [fragment] }, 'tool_calls'),
    delta({ tool_calls: [fragment] }),
    '[DONE]',
  );
  assert.deepEqual(turn.parts, [call('c1', 'look_up', '{"q":"x"}')]);
});

test('the word tool_calls without a call is a plain stop', () => {
  assert.equal(stream(delta({ content: 'hi' }, 'tool_calls'), '[DONE]').finish, 'stop');
});

test('a provider that speaks custom calls itself is read as it is', () => {
  const turn = stream(
    delta({
      tool_calls: [{ index: 0, id: 'c1', type: 'custom', custom: { name: 'run_code', input: 'a "' } }],
    }),
    delta({ tool_calls: [{ index: 0, custom: { input: 'b"' } }] }, 'tool_calls'),
    '[DONE]',
  );
  assert.deepEqual(turn.parts, [
    { type: 'tool-call', kind: 'custom', id: 'c1', name: 'run_code', input: 'a "b"' },
  ]);
});

test('the retired function_call delta is a call', () => {
  const turn = stream(
    delta({ function_call: { name: 'look_up', arguments: '' } }),
    delta({ function_call: { arguments: '{"q":1}' } }),
    delta({}, 'function_call'),
    '[DONE]',
  );
  assert.deepEqual(turn.parts, [call('call_2', 'look_up', '{"q":1}')]);
});

test('a whole message at the end of a stream of deltas is not repeated', () => {
  const message = { choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }] };
  assert.deepEqual(stream(delta({ content: 'hi' }), message, '[DONE]').parts, [{ type: 'text', text: 'hi' }]);
  assert.deepEqual(stream(message, '[DONE]').parts, [{ type: 'text', text: 'hi' }]);
});

test('[DONE] without any answer is a cut stream, not an empty success', () => {
  assert.equal(stream('[DONE]').error?.code, 'stream_truncated');
});

test('an error as the first chunk of a 200 answer is an error', () => {
  const turn = stream(
    { error: { message: 'Rate limit reached, try again in 2s', code: 'rate_limit_exceeded' } },
    '[DONE]',
  );
  assert.equal(turn.error?.kind, 'rate-limited');
  assert.equal(turn.error?.retryAfterMs, 2000);
});

test('the word a server stopped at makes it a stop sequence', () => {
  const turn = stream(
    { choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop', stop_reason: '###' }] },
    '[DONE]',
  );
  assert.deepEqual([turn.finish, turn.stopSequence], ['stop-sequence', '###']);
});

test('only the first of several choices is read', () => {
  const second = { choices: [{ index: 1, delta: { content: 'other' }, finish_reason: null }] };
  assert.deepEqual(stream(delta({ content: 'one' }), second, delta({}, 'stop'), '[DONE]').parts, [
    { type: 'text', text: 'one' },
  ]);
});

test('reasoning that a provider counts beside its completion is added to the output', () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 35,
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  const turn = stream({ ...delta({ content: 'x' }, 'stop'), usage }, '[DONE]');
  assert.deepEqual(turn.usage, { inputTokens: 10, outputTokens: 25, reasoningTokens: 20 });
});

test('calls that share one id get ids of their own', () => {
  const fragment = (index: number) => ({
    index,
    id: 'call_0',
    function: { name: 'list_files', arguments: '{}' },
  });
  const turn = stream(delta({ tool_calls: [fragment(0), fragment(1)] }, 'tool_calls'), '[DONE]');
  const ids = turn.parts.map((part) => part.type === 'tool-call' && part.id);
  assert.equal(ids[0], 'call_0');
  assert.equal(new Set(ids).size, 2);
});

test('an error object without an envelope is an error', () => {
  const turn = stream({ object: 'error', message: 'bad request', type: 'BadRequestError', code: 400 });
  assert.deepEqual([turn.error?.kind, turn.error?.message], ['invalid-request', 'bad request']);
});
