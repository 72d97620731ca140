import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fixtureTools } from '../testing/tools.ts';
import { decodeBytes, decodeContext, foldTurn, type FoldedTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { openaiResponses } from './index.ts';

function read(file: string): FoldedTurn {
  const bytes = readFileSync(new URL(`./__fixtures__/${file}.sse`, import.meta.url));
  return foldTurn(
    decodeBytes(openaiResponses, bytes, decodeContext(createToolNames(fixtureTools), 'openai')),
  );
}

const TEXT = [{ type: 'text', text: 'Grüße, 世界 👋🏽!' }];
const LOOK_UP = { type: 'tool-call', kind: 'function', id: 'call_a', name: 'look_up', input: '{"q":"één"}' };
const LIST = { type: 'tool-call', kind: 'function', id: 'call_b', name: 'list_files', input: '{}' };

test('text arrives with usage and its details', () => {
  const turn = read('text');
  assert.deepEqual(turn.parts, TEXT);
  assert.equal(turn.finish, 'stop');
  assert.deepEqual(turn.usage, {
    inputTokens: 120,
    outputTokens: 30,
    cachedInputTokens: 100,
    reasoningTokens: 12,
  });
});

test('a stream of done items alone, without event names, is enough', () => {
  const turn = read('done-items-only');
  assert.deepEqual(turn.parts, TEXT);
  assert.equal(turn.usage, undefined);
});

// BerriAI/litellm#22102
test('deltas without an added event are not lost', () => {
  assert.deepEqual(read('deltas-without-added').parts, [...TEXT, LOOK_UP]);
});

// BerriAI/litellm#27144
test('arguments that only stand in the done event are not lost', () => {
  assert.deepEqual(read('arguments-only-in-done').parts, [LOOK_UP, LIST]);
});

// Oaklight/llm-rosetta#56
test('missing ids and indices are made up for', () => {
  assert.deepEqual(read('missing-indices').parts, [...TEXT, LOOK_UP]);
});

test('items that only stand in the final snapshot are read', () => {
  assert.deepEqual(read('text-only-in-snapshot').parts, [...TEXT, LOOK_UP]);
});

test('rotated item ids neither lose nor repeat text', () => {
  assert.deepEqual(read('rotated-ids').parts, TEXT);
});

test('interleaved calls are kept apart, and calls decide the finish', () => {
  const turn = read('parallel-interleaved-calls');
  assert.deepEqual(turn.parts, [LOOK_UP, LIST]);
  assert.equal(turn.finish, 'tool-calls');
});

test('summaries and encrypted_content arrive byte for byte', () => {
  assert.deepEqual(read('reasoning-summary-encrypted').parts[0], {
    type: 'reasoning',
    text: '',
    summary: ['**Plan**\n\nFirst.', 'Second.'],
    signature: { issuer: 'openai', kind: 'encrypted', data: 'gAAAAAB+/=opaque' },
  });
  assert.deepEqual(read('reasoning-text').parts[0], { type: 'reasoning', text: 'Hm, drück.', summary: [] });
});

// router-for-me/CLIProxyAPI#4255
test('freeform and namespaced calls keep kind and namespace, flattened ones get them back', () => {
  const wanted = [
    ['custom', undefined, 'run_code', 'print("é")\n'],
    ['function', 'mcp__files', 'read', '{"path":"a b"}'],
  ];
  for (const file of ['freeform-and-namespaced-calls', 'flattened-calls']) {
    const calls = read(file).parts.map((part) =>
      part.type === 'tool-call' ? [part.kind, part.namespace, part.name, part.input] : [],
    );
    assert.deepEqual(calls, wanted, file);
  }
});

test('a tool search is a call with JSON text', () => {
  assert.deepEqual(read('tool-search').parts, [
    { type: 'tool-call', kind: 'tool-search', id: 'call_g', name: 'tool_search', input: '{"query":"files"}' },
  ]);
});

test('a refusal, a cut answer and a hosted search are told apart', () => {
  assert.equal(read('refusal').finish, 'refusal');
  const cut = read('length');
  assert.equal(cut.finish, 'length');
  assert.deepEqual(cut.parts, [{ type: 'text', text: 'Half a ' }]);
  assert.equal(cut.usage?.outputTokens, 30);
  assert.deepEqual(
    read('hosted-search').parts.map(({ type }) => type),
    ['opaque', 'text'],
  );
});

// diegosouzapw/OmniRoute#8210
test('errors in the stream never become an empty success', () => {
  assert.equal(read('failed-context-length').error?.kind, 'context-length');
  const limited = read('failed-rate-limit').error;
  assert.deepEqual([limited?.kind, limited?.retryAfterMs], ['rate-limited', 1500]);
  assert.deepEqual(read('error-event').error?.message, 'Something broke');
  assert.equal(read('truncated').error?.code, 'stream_truncated');
});

test('an error object inside HTTP 200 is an error', () => {
  const bytes = new TextEncoder().encode(
    'data: {"error":{"message":"Overloaded","type":"overloaded_error"}}\n\n',
  );
  assert.equal(foldTurn(decodeBytes(openaiResponses, bytes, decodeContext())).error?.kind, 'overloaded');
});

test('comments, a broken line and CRLF do not hurt, and show life', () => {
  assert.deepEqual(read('crlf-comments-bad-line').parts, TEXT);
});

test('the passthrough reader sees usage, model and outcome of untouched bytes', async () => {
  const { createSseParser } = await import('../sse/index.ts');
  const cases = {
    text: 'completed',
    length: 'max_output_tokens',
    'done-items-only': 'completed',
    truncated: undefined,
  };
  for (const [file, finish] of Object.entries(cases)) {
    const bytes = readFileSync(new URL(`./__fixtures__/${file}.sse`, import.meta.url));
    const reader = openaiResponses.createPassthroughReader();
    const parser = createSseParser();
    for (const event of [...parser.push(bytes), ...parser.end()]) reader.push(event);
    const seen = reader.seen();
    assert.equal(seen.finish, finish, file);
    assert.equal(seen.terminal, finish !== undefined, file);
    assert.equal(seen.model, 'gpt-x');
    if (file === 'text') assert.equal(seen.usage?.cachedInputTokens, 100);
  }
});
