import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AssistantPart, TurnEvent } from '../canonical/index.ts';
import { answerPart, anyText, eventsOf, usage } from '../testing/arbitraries.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { anthropicMessages } from './index.ts';

interface Written {
  type: string;
  index?: number;
  delta?: Record<string, unknown>;
  content_block?: Record<string, unknown>;
  message?: Record<string, unknown>;
  usage?: Record<string, unknown>;
  error?: Record<string, unknown>;
}

const start: TurnEvent = { type: 'start', id: 'chatcmpl-1', model: 'm', createdAt: 5 };

function write(events: TurnEvent[]): Written[] {
  const text = encodeEvents(anthropicMessages, events, answerContext(fixtureTools));
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [name, data] = block.split('\n');
      const event = JSON.parse(data?.slice(6) ?? '') as Written;
      assert.equal(name, `event: ${event.type}`);
      return event;
    });
}

function startCall(index: number, name: string): TurnEvent {
  return { type: 'tool-call-start', index, kind: 'function', id: `call_${index}`, name };
}

test('overlapping calls are written one after the other', () => {
  const events = write([
    start,
    startCall(0, 'look_up'),
    startCall(1, 'list_files'),
    { type: 'tool-call-delta', index: 1, text: '{"b":' },
    { type: 'tool-call-delta', index: 0, text: '{"a":' },
    { type: 'tool-call-delta', index: 1, text: '2}' },
    { type: 'tool-call-end', index: 1, input: '{"b":2}' },
    { type: 'tool-call-delta', index: 0, text: '1}' },
    { type: 'tool-call-end', index: 0, input: '{"a":1}' },
    {
      type: 'finish',
      reason: 'tool-calls',
      usage: { inputTokens: 9, outputTokens: 4, cachedInputTokens: 5 },
    },
  ]);
  assert.deepEqual(
    events.map((event) => [event.type, event.index]),
    [
      ['message_start', undefined],
      ['content_block_start', 0],
      ['content_block_delta', 0],
      ['content_block_delta', 0],
      ['content_block_stop', 0],
      ['content_block_start', 1],
      ['content_block_delta', 1],
      ['content_block_delta', 1],
      ['content_block_stop', 1],
      ['message_delta', undefined],
      ['message_stop', undefined],
    ],
  );
  assert.deepEqual(events[5]?.content_block, {
    type: 'tool_use',
    id: 'call_1',
    name: 'list_files',
    input: {},
  });
  assert.equal(events[9]?.delta?.stop_reason, 'tool_use');
  assert.deepEqual(events[9]?.usage, {
    input_tokens: 4,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 5,
    output_tokens: 4,
  });
});

test('the second call is written as it comes once the first has ended', () => {
  const encoder = anthropicMessages.createStreamEncoder(answerContext(fixtureTools));
  encoder.push(start);
  encoder.push(startCall(0, 'look_up'));
  assert.equal(encoder.push(startCall(1, 'list_files')), '');
  assert.match(
    encoder.push({ type: 'tool-call-end', index: 0, input: '' }),
    /content_block_stop[^]*list_files/,
  );
  assert.match(encoder.push({ type: 'tool-call-delta', index: 1, text: '{}' }), /input_json_delta/);
});

test('the signature stands before the end of its thinking block', () => {
  const events = write([
    start,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'text', part: 0, text: 'hm' },
    { type: 'reasoning-end', index: 0, signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq+/=' } },
    { type: 'finish', reason: 'stop' },
  ]);
  assert.deepEqual(
    events.slice(1, 5).map((event) => event.delta ?? event.type),
    [
      'content_block_start',
      { type: 'thinking_delta', thinking: 'hm' },
      { type: 'signature_delta', signature: 'Eq+/=' },
      'content_block_stop',
    ],
  );
});

test('reasoning that is only a signature keeps its block', () => {
  const events = write([
    start,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-end', index: 0, signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq' } },
    { type: 'reasoning-start', index: 1 },
    { type: 'reasoning-end', index: 1, signature: { issuer: 'anthropic', kind: 'redacted', data: 'Em' } },
    { type: 'reasoning-start', index: 2 },
    { type: 'reasoning-end', index: 2 },
    { type: 'finish', reason: 'stop' },
  ]);
  assert.deepEqual(
    events.filter((event) => event.content_block).map((event) => event.content_block),
    [
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'redacted_thinking', data: 'Em' },
    ],
  );
});

test('an id that Anthropic would refuse later is made legal at once', () => {
  const events = write([
    start,
    { type: 'tool-call-start', index: 0, kind: 'function', id: 'functions.Bash:0', name: 'look_up' },
    { type: 'tool-call-end', index: 0, input: '' },
    { type: 'finish', reason: 'tool-calls' },
  ]);
  assert.match(String(events[1]?.content_block?.id), /^[a-zA-Z0-9_-]+$/);
});

test('an error after bytes is an error event, and nothing follows', () => {
  const error = { kind: 'rate-limited', message: 'slow down', source: 'upstream' } as const;
  const events = write([start, { type: 'error', error }, { type: 'finish', reason: 'stop' }]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['message_start', 'error'],
  );
  assert.deepEqual(events[1]?.error, { type: 'rate_limit_error', message: 'slow down' });
});

test('a heartbeat is a ping event', () => {
  assert.equal(
    anthropicMessages.createStreamEncoder(answerContext()).heartbeat(),
    'event: ping\ndata: {"type":"ping"}\n\n',
  );
});

test('what is written reads back as the same turn, overlapping or not', () => {
  const tools = createToolNames(fixtureTools);
  const signed = anyText.map((data): AssistantPart => ({
    type: 'reasoning',
    text: 'hm',
    summary: [],
    signature: { issuer: 'some.provider', kind: 'encrypted', data },
  }));
  const list = fc.array(fc.oneof(answerPart, signed), { minLength: 1, maxLength: 6 });
  const property = fc.property(list, usage, fc.boolean(), (parts, used, overlap) => {
    const text = encodeEvents(anthropicMessages, eventsOf(parts, used, overlap), answerContext(fixtureTools));
    const turn = foldTurn(
      decodeBytes(anthropicMessages, new TextEncoder().encode(text), decodeContext(tools)),
    );
    assert.deepEqual(turn.parts, parts);
    assert.deepEqual(turn.usage, used);
    assert.equal(turn.finish, parts.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop');
  });
  fc.assert(property, { numRuns: 200 });
});
