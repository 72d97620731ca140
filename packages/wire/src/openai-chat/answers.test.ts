import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TurnResponse } from '../canonical/index.ts';
import { createSseParser } from '../sse/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeContext } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { openaiChat } from './index.ts';

const context = () => decodeContext(createToolNames(fixtureTools));

function decode(message: object, finish = 'stop'): TurnResponse {
  const body = {
    id: 'chatcmpl-1',
    created: 5,
    model: 'm',
    choices: [{ index: 0, message, finish_reason: finish }],
  };
  const decoded = openaiChat.decodeResponse(body, context());
  assert.ok(decoded.ok);
  return decoded.value;
}

test('a whole answer keeps thinking, text and calls', () => {
  const response = decode({
    content: 'a',
    reasoning: 'hm',
    tool_calls: [
      { id: 'c1', type: 'function', function: { name: 'mcp__files__read', arguments: '' } },
      { id: 'c2', type: 'function', function: { name: 'run_code', arguments: '{"input":"x"}' } },
    ],
  });
  assert.equal(response.finish, 'tool-calls');
  assert.deepEqual(response.parts, [
    { type: 'reasoning', text: 'hm', summary: [] },
    { type: 'text', text: 'a' },
    { type: 'tool-call', kind: 'function', id: 'c1', name: 'read', namespace: 'mcp__files', input: '{}' },
    { type: 'tool-call', kind: 'custom', id: 'c2', name: 'run_code', input: 'x' },
  ]);
});

test('what is written as a whole answer reads back the same', () => {
  const response: TurnResponse = {
    id: 'chatcmpl-9',
    model: 'asked-model',
    createdAt: 5,
    parts: [
      { type: 'reasoning', text: 'hm', summary: [] },
      { type: 'text', text: 'a' },
      { type: 'tool-call', kind: 'custom', id: 'c2', name: 'run_code', input: 'x' },
      { type: 'tool-call', kind: 'function', id: 'c1', name: 'read', namespace: 'mcp__files', input: '{}' },
    ],
    finish: 'tool-calls',
    usage: { inputTokens: 9, outputTokens: 5, cachedInputTokens: 3, reasoningTokens: 2 },
    serviceTier: 'default',
  };
  const body = openaiChat.encodeResponse(response, answerContext(fixtureTools));
  const decoded = openaiChat.decodeResponse(body, context());
  assert.deepEqual(decoded, { ok: true, value: response, losses: [] });
  assert.deepEqual(openaiChat.readUsage(body), response.usage);
});

test('an error inside HTTP 200 is an error, not an empty answer', () => {
  for (const body of [
    { error: { message: 'boom', code: 500 } },
    { choices: [{ message: { content: '' }, finish_reason: 'error', error: { message: 'boom' } }] },
    { choices: [] },
    'nonsense',
  ]) {
    const decoded = openaiChat.decodeResponse(body, context());
    assert.equal(decoded.ok, false);
  }
});

test('HTTP errors of many shapes keep their words, their wait and their id', () => {
  const decode = openaiChat.decodeError;
  const limited = decode(
    429,
    { 'retry-after': '7', 'x-request-id': 'req_1' },
    { error: { message: 'slow', code: 'rate_limit_exceeded' } },
  );
  assert.deepEqual(limited, {
    kind: 'rate-limited',
    message: 'slow',
    source: 'upstream',
    status: 429,
    code: 'rate_limit_exceeded',
    retryAfterMs: 7000,
    requestId: 'req_1',
  });
  const dated = { date: 'Sun, 01 Jan 2026 00:00:00 GMT', 'retry-after': 'Sun, 01 Jan 2026 00:00:30 GMT' };
  assert.equal(decode(503, dated, 'busy').retryAfterMs, 30_000);
  assert.equal(decode(503, { 'retry-after': dated['retry-after'] }, 'busy').retryAfterMs, undefined);
  assert.equal(
    decode(422, {}, { detail: [{ loc: ['body'], msg: 'bad' }] }).message,
    '[{"loc":["body"],"msg":"bad"}]',
  );
  assert.equal(decode(502, {}, '<html><title>502 Bad Gateway</title>').message, '502 Bad Gateway');
  assert.equal(
    decode(400, {}, { error: "This model's maximum context length is 4096" }).kind,
    'context-length',
  );
  assert.equal(decode(500, {}, undefined).message, 'the provider answered 500');
});

test('errors are answered in the OpenAI envelope with a wait', () => {
  const error = openaiChat.encodeError({
    kind: 'rate-limited',
    message: 'm',
    source: 'gateway',
    retryAfterMs: 1200,
  });
  assert.equal(error.status, 429);
  assert.deepEqual(error.headers, {
    'x-vigiles-error-source': 'gateway',
    'retry-after': '2',
    'retry-after-ms': '1200',
  });
  assert.deepEqual(error.body, {
    error: { message: 'm', type: 'rate_limit_error', param: null, code: 'rate_limit_exceeded' },
  });
});

test('the reader of a passed-on stream sees usage, finish, model and errors', () => {
  const read = (name: string) => {
    const parser = createSseParser();
    const reader = openaiChat.createPassthroughReader();
    const bytes = readFileSync(new URL(`./__fixtures__/${name}.sse`, import.meta.url));
    for (const event of [...parser.push(bytes), ...parser.end()]) reader.push(event);
    return reader.seen();
  };
  assert.deepEqual(read('text'), {
    usage: { inputTokens: 120, outputTokens: 30, cachedInputTokens: 64, reasoningTokens: 12 },
    finish: 'stop',
    model: 'gpt-x',
    id: 'chatcmpl-7Qx',
    terminal: true,
  });
  assert.equal(read('truncated').terminal, false);
  assert.equal(read('error-chunk').error?.kind, 'overloaded');
});
