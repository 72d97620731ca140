import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createSseParser } from '../sse/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { decodeBytes, decodeContext, foldTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { gemini } from './index.ts';

const bytes = (name: string) => readFileSync(new URL(`./__fixtures__/${name}.sse`, import.meta.url));
const decode = (name: string) =>
  foldTurn(decodeBytes(gemini, bytes(name), decodeContext(createToolNames(fixtureTools), 'google')));

// NousResearch/hermes-agent#62940
test('parallel calls that all arrive as index 0 and without ids are calls of their own', () => {
  const turn = decode('parallel-calls');
  const signature = { issuer: 'google', kind: 'signature', data: 'CiQBcsjafA1first+/==' };
  const named = { type: 'tool-call', kind: 'function' };
  assert.deepEqual(turn.parts, [
    { type: 'reasoning', text: 'Two look-ups.', summary: [] },
    { type: 'text', text: 'Looking.' },
    { ...named, id: 'call_1', name: 'look_up', input: '{"q":"aß"}', signature },
    { ...named, id: 'call_2', name: 'look_up', input: '{"q":"b"}' },
    { ...named, id: 'call_3', name: 'list_files', input: '{}' },
  ]);
  assert.equal(turn.finish, 'tool-calls');
  assert.deepEqual(turn.usage, {
    inputTokens: 105,
    outputTokens: 60,
    cachedInputTokens: 64,
    reasoningTokens: 20,
  });
});

// NousResearch/hermes-agent#62940
test('an id that a provider repeats is replaced, so that results can be told apart', () => {
  const ids = decode('calls-repeat-ids').parts.map((part) => part.type === 'tool-call' && part.id);
  assert.deepEqual(ids, ['fc_0', 'call_1']);
});

test('the signature of a text ends its answer as an empty piece of reasoning', () => {
  const turn = decode('thoughts-text-signature');
  assert.deepEqual(turn.parts, [
    { type: 'reasoning', text: '**Weighing it**\n\nTwo ways. The first.', summary: [] },
    { type: 'text', text: 'It is the first.' },
    {
      type: 'reasoning',
      text: '',
      summary: [],
      signature: { issuer: 'google', kind: 'signature', data: 'EtQBCtEBAXLI2nz/+a==' },
    },
  ]);
  assert.equal(turn.usage?.outputTokens, 54);
});

test('ends and failures are told apart', () => {
  assert.equal(decode('length').finish, 'length');
  assert.equal(decode('safety').finish, 'content-filter');
  const blocked = decode('prompt-blocked');
  assert.deepEqual([blocked.finish, blocked.usage?.inputTokens], ['content-filter', 31]);
  const malformed = decode('malformed-call').error;
  assert.equal(malformed?.code, 'malformed_function_call');
  assert.match(
    malformed.message,
    /cannot be read \(MALFORMED_FUNCTION_CALL\): Malformed function call: print/,
  );
  assert.equal(decode('error-event').error?.kind, 'overloaded');
  const limited = decode('rate-limit-event').error;
  assert.deepEqual(
    [limited?.kind, limited?.retryAfterMs, limited?.code],
    ['rate-limited', 12_500, 'RESOURCE_EXHAUSTED'],
  );
  assert.equal(decode('truncated').error?.code, 'stream_truncated');
  assert.equal(decode('no-last-blank-line').finish, 'stop');
});

test('parts that only Gemini understands are kept whole', () => {
  const labels = decode('code-execution').parts.map((part) =>
    part.type === 'opaque' ? part.label : part.type,
  );
  assert.deepEqual(labels, ['executableCode', 'codeExecutionResult', 'text']);
});

test('the reader of a passed-on stream sees usage, finish, model and errors', () => {
  const read = (name: string) => {
    const parser = createSseParser();
    const reader = gemini.createPassthroughReader();
    for (const event of [...parser.push(bytes(name)), ...parser.end()]) reader.push(event);
    return reader.seen();
  };
  assert.deepEqual(read('parallel-calls'), {
    usage: { inputTokens: 105, outputTokens: 60, cachedInputTokens: 64, reasoningTokens: 20 },
    finish: 'STOP',
    model: 'gemini-3-pro-preview',
    id: 'rsp-1',
    terminal: true,
  });
  assert.equal(read('truncated').terminal, false);
  assert.equal(read('error-event').error?.kind, 'overloaded');
  assert.equal(read('prompt-blocked').terminal, true);
});
