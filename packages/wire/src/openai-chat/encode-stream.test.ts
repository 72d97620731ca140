import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { TurnEvent } from '../canonical/index.ts';
import { answerPart, eventsOf, usage } from '../testing/arbitraries.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { openaiChat } from './index.ts';

const start: TurnEvent = { type: 'start', id: 'msg_1', model: 'm', createdAt: 5 };
const counted = { inputTokens: 3, outputTokens: 2 };

interface Chunk {
  id?: string;
  object?: string;
  created?: number;
  model?: string;
  choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: unknown;
  error?: { code: string };
}

function write(events: TurnEvent[], request = {}): { lines: string[]; chunks: Chunk[] } {
  const text = encodeEvents(openaiChat, events, answerContext(fixtureTools, request));
  const lines = text.split('\n\n').filter((line) => line !== '');
  const chunks = lines
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Chunk);
  return { lines, chunks };
}

test('a text answer is role, deltas, finish, usage and [DONE]', () => {
  const { lines, chunks } = write([
    start,
    { type: 'text-start', index: 0 },
    { type: 'text-delta', index: 0, text: 'a"\n' },
    { type: 'text-end', index: 0 },
    { type: 'finish', reason: 'stop', usage: counted },
  ]);
  assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' });
  assert.equal(chunks[1]?.choices[0]?.delta.content, 'a"\n');
  assert.equal(chunks[2]?.choices[0]?.finish_reason, 'stop');
  assert.deepEqual(chunks[3]?.choices, []);
  assert.deepEqual(chunks[3]?.usage, { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 });
  assert.equal(lines.at(-1), 'data: [DONE]');
  for (const chunk of chunks) {
    assert.deepEqual(
      [chunk.id, chunk.object, chunk.created, chunk.model],
      ['chatcmpl_1', 'chat.completion.chunk', 5, 'asked-model'],
    );
  }
});

test('usage is only written for a client that asked for it', () => {
  const { chunks } = write([start, { type: 'finish', reason: 'stop', usage: counted }], {
    includeUsage: false,
  });
  assert.equal(
    chunks.some((chunk) => chunk.usage),
    false,
  );
});

test('an error after bytes is an error chunk and [DONE], and nothing follows', () => {
  const error = { kind: 'overloaded', message: 'busy', source: 'upstream' } as const;
  const { lines, chunks } = write([start, { type: 'error', error }, { type: 'finish', reason: 'stop' }]);
  assert.equal(chunks.at(-1)?.error?.code, 'server_is_overloaded');
  assert.equal(lines.at(-1), 'data: [DONE]');
  assert.equal(lines.length, 3);
});

test('a heartbeat is a comment', () => {
  const encoder = openaiChat.createStreamEncoder(answerContext());
  assert.match(encoder.heartbeat(), /^: .*\n\n$/);
  assert.match(encoder.push({ type: 'heartbeat' }), /^: /);
});

test('a client of the retired functions dialect reads function_call', () => {
  const { chunks } = write(
    [
      start,
      { type: 'tool-call-start', index: 0, kind: 'function', id: 'c', name: 'look_up' },
      { type: 'tool-call-delta', index: 0, text: '{}' },
      { type: 'tool-call-end', index: 0, input: '{}' },
      { type: 'finish', reason: 'tool-calls' },
    ],
    { legacyFunctions: true },
  );
  assert.deepEqual(chunks[1]?.choices[0]?.delta, { function_call: { name: 'look_up', arguments: '' } });
  assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'function_call');
});

test('summaries are shown as reasoning, with a blank line between them', () => {
  const { chunks } = write([
    start,
    { type: 'reasoning-start', index: 0 },
    { type: 'reasoning-delta', index: 0, channel: 'summary', part: 0, text: 'one' },
    { type: 'reasoning-delta', index: 0, channel: 'summary', part: 1, text: 'two' },
    { type: 'reasoning-end', index: 0 },
    { type: 'finish', reason: 'stop' },
  ]);
  assert.deepEqual(chunks.map((chunk) => chunk.choices[0]?.delta.reasoning_content).filter(Boolean), [
    'one',
    '\n\ntwo',
  ]);
});

test('what is written reads back as the same turn', () => {
  const tools = createToolNames(fixtureTools);
  const property = fc.property(fc.array(answerPart, { minLength: 1, maxLength: 6 }), usage, (parts, used) => {
    // Chat has one text and one reasoning flow: neighbours of a kind would run together.
    const apart = parts.filter((part, at) => part.type === 'tool-call' || parts[at - 1]?.type !== part.type);
    fc.pre(new Set(apart.map((part) => (part.type === 'tool-call' ? part.id : part))).size === apart.length);
    const text = encodeEvents(openaiChat, eventsOf(apart, used, false), answerContext(fixtureTools));
    const turn = foldTurn(decodeBytes(openaiChat, new TextEncoder().encode(text), decodeContext(tools)));
    assert.deepEqual(turn.parts, apart);
    assert.deepEqual(turn.usage, used);
    assert.equal(turn.finish, apart.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop');
  });
  fc.assert(property, { numRuns: 150 });
});
