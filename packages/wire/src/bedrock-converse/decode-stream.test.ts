import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { protocols } from '../index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { decodeFrames, eventFrame, frame, framesOf, joined } from './frames.test-support.ts';

const context = () => decodeContext(createToolNames(fixtureTools), 'aws');
const folder = new URL('./__fixtures__/', import.meta.url);
const recorded = (name: string) => framesOf(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'));
const fold = (name: string) => foldTurn(decodeFrames(recorded(name), context()));
const all = readdirSync(folder).map((file) => file.replace('.jsonl', ''));

test('text, reasoning with its signature, and parallel calls arrive whole', () => {
  assert.deepEqual(fold('text').parts, [{ type: 'text', text: 'Grüße 👋🏽.' }]);
  const turn = fold('thinking-parallel-calls');
  const signature = { issuer: 'aws', kind: 'signature', data: 'EsgBCkgIBRABGAIqQ+/==' };
  assert.deepEqual(turn.parts, [
    { type: 'reasoning', text: 'Two look-ups.', summary: [], signature },
    { type: 'text', text: 'Looking.' },
    {
      type: 'tool-call',
      kind: 'function',
      id: 'tooluse_kZJMlvQmRJ6eAyJE5GIl7Q',
      name: 'look_up',
      input: '{"q": "aß"}',
    },
    { type: 'tool-call', kind: 'function', id: 'tooluse_2', name: 'list_files', input: '{}' },
  ]);
  assert.equal(turn.finish, 'tool-calls');
});

test('complaint 22: cache reads and writes are part of the input, each counted once', () => {
  assert.deepEqual(fold('thinking-parallel-calls').usage, {
    inputTokens: 1244,
    outputTokens: 61,
    cachedInputTokens: 1000,
    cacheWriteTokens: 224,
    cacheWrite1hTokens: 200,
  });
});

test('complaint 16: calls that end with end_turn are calls; freeform and namespaced tools get their own form back', () => {
  const turn = fold('freeform-and-namespaced-calls');
  assert.equal(turn.finish, 'tool-calls');
  assert.deepEqual(
    turn.parts.map((part) => part.type === 'tool-call' && [part.kind, part.namespace, part.name, part.input]),
    [
      ['custom', undefined, 'run_code', 'print(1)\nprint(2)'],
      ['function', 'mcp__files', 'read', '{"path":"a.txt"}'],
    ],
  );
});

test('redacted reasoning keeps its bytes', () => {
  const [first] = fold('redacted-thinking').parts;
  const signature = { issuer: 'aws', kind: 'redacted', data: 'RW5jcnlwdGVk' };
  assert.deepEqual(first, { type: 'reasoning', text: '', summary: [], signature });
});

test('ends and failures are told apart', () => {
  assert.equal(fold('length').finish, 'length');
  assert.deepEqual([fold('guardrail').finish, fold('guardrail').usage?.inputTokens], ['content-filter', 31]);
  assert.equal(fold('malformed-call').error?.code, 'malformed_tool_use');
  const throttled = fold('throttled').error;
  assert.deepEqual([throttled?.kind, throttled?.code], ['rate-limited', 'throttlingException']);
  assert.equal(fold('model-error').error?.kind, 'server');
  assert.equal(fold('truncated').error?.code, 'stream_truncated');
  const stopped = joined(
    eventFrame('messageStart', { role: 'assistant' }),
    eventFrame('messageStop', { stopReason: 'end_turn' }),
  );
  assert.equal(foldTurn(decodeFrames(stopped, context())).finish, 'stop');
  const cut = recorded('text').subarray(0, -3);
  assert.equal(foldTurn(decodeFrames(cut, context())).finish, 'stop');
});

test('any cut of every recorded stream gives the same turn', () => {
  for (const name of all) {
    const bytes = recorded(name);
    const whole = decodeFrames(bytes, context());
    for (const size of [1, 2, 3, 7]) assert.deepEqual(decodeFrames(bytes, context(), [size]), whole, name);
  }
});

for (const client of Object.values(protocols)) {
  test(`every recorded Converse stream reaches a ${client.name} client with its text and calls`, () => {
    for (const name of all) {
      const events = decodeFrames(recorded(name), context());
      const wanted = foldTurn(events);
      const text = encodeEvents(client, events, answerContext(fixtureTools, {}, 'aws'));
      const turn = foldTurn(
        decodeBytes(client, new TextEncoder().encode(text), decodeContext(createToolNames(fixtureTools))),
      );
      if (wanted.error) {
        assert.equal(turn.error?.kind, wanted.error.kind, name);
        continue;
      }
      const said = ({ parts }: typeof turn): unknown =>
        parts.flatMap((part): unknown[] => {
          if (part.type === 'text') return [part.text];
          return part.type === 'tool-call' ? [[part.kind, part.name, part.input.replace(': ', ':')]] : [];
        });
      assert.deepEqual(said(turn), said(wanted), name);
      assert.equal(turn.usage?.inputTokens, wanted.usage?.inputTokens, name);
    }
  });
}

test('hostile frames never throw and always end', () => {
  const type = fc.constantFrom(
    'messageStart',
    'contentBlockStart',
    'contentBlockDelta',
    'contentBlockStop',
    'messageStop',
    'metadata',
    'somethingNew',
  );
  const odd = fc.constantFrom<unknown>(
    { contentBlockIndex: 0, start: { toolUse: {} } },
    { contentBlockIndex: 0, delta: { toolUse: { input: 7 } } },
    { contentBlockIndex: null, delta: { reasoningContent: { text: 'a', redactedContent: 4 } } },
    { contentBlockIndex: 0, delta: { text: 'x' } },
    { usage: 'none' },
  );
  const payload = fc.oneof(
    odd.map((value) => JSON.stringify(value)),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(type, payload), { maxLength: 8 }), (rows) => {
      const bytes = joined(
        ...rows.map(([name, data]) => frame({ ':event-type': name, ':message-type': 'event' }, data)),
      );
      assert.doesNotThrow(() => foldTurn(decodeFrames(bytes, context())));
    }),
    { numRuns: 300 },
  );
});
