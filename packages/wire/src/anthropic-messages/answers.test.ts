import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TurnResponse } from '../canonical/index.ts';
import { createSseParser } from '../sse/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeContext } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { anthropicMessages } from './index.ts';

const context = () => decodeContext(createToolNames(fixtureTools), 'anthropic');

test('what is written as a whole answer reads back the same', () => {
  const response: TurnResponse = {
    id: 'msg_9',
    model: 'asked-model',
    createdAt: 1_700_000_000,
    parts: [
      {
        type: 'reasoning',
        text: 'hm',
        summary: [],
        signature: { issuer: 'anthropic', kind: 'signature', data: 'Eq' },
      },
      {
        type: 'reasoning',
        text: '',
        summary: [],
        signature: { issuer: 'anthropic', kind: 'redacted', data: 'Em' },
      },
      {
        type: 'reasoning',
        text: '',
        summary: [],
        signature: { issuer: 'openai', kind: 'encrypted', data: 'gA.b' },
      },
      { type: 'text', text: 'a' },
      { type: 'tool-call', kind: 'custom', id: 'c2', name: 'run_code', input: 'x' },
      { type: 'tool-call', kind: 'function', id: 'c1', name: 'read', namespace: 'mcp__files', input: '{}' },
      {
        type: 'opaque',
        protocol: 'anthropic-messages',
        label: 'server_tool_use',
        raw: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      },
    ],
    finish: 'tool-calls',
    usage: {
      inputTokens: 90,
      outputTokens: 5,
      cachedInputTokens: 30,
      cacheWriteTokens: 20,
      cacheWrite1hTokens: 15,
      reasoningTokens: 2,
    },
  };
  const body = anthropicMessages.encodeResponse(response, answerContext(fixtureTools));
  assert.deepEqual(anthropicMessages.decodeResponse(body, context()), {
    ok: true,
    value: response,
    losses: [],
  });
  assert.deepEqual(anthropicMessages.readUsage(body), response.usage);
});

test('cache tokens are billed once: written input excludes them, read input includes them', () => {
  const usage = {
    input_tokens: 10,
    cache_read_input_tokens: 200,
    cache_creation_input_tokens: 30,
    output_tokens: 5,
  };
  const read = anthropicMessages.readUsage({ usage });
  assert.deepEqual(read, { inputTokens: 240, outputTokens: 5, cachedInputTokens: 200, cacheWriteTokens: 30 });
  const response = {
    id: 'm',
    model: 'm',
    createdAt: 1,
    parts: [],
    finish: 'stop',
    usage: read ?? never(),
  } as const;
  const body = anthropicMessages.encodeResponse({ ...response, parts: [] }, answerContext()) as {
    usage: object;
  };
  assert.deepEqual(body.usage, usage);
});

function never(): never {
  throw new Error('no usage');
}

test('stop reasons of the wire find their canonical word', () => {
  const finish = (stop_reason: string | null, content: unknown[] = []) => {
    const decoded = anthropicMessages.decodeResponse({ content, stop_reason }, context());
    return decoded.ok && decoded.value.finish;
  };
  assert.equal(finish('end_turn'), 'stop');
  assert.equal(finish('max_tokens'), 'length');
  assert.equal(finish('model_context_window_exceeded'), 'length');
  assert.equal(finish('pause_turn'), 'pause');
  assert.equal(finish('refusal'), 'refusal');
  assert.equal(finish('tool_use'), 'stop');
  assert.equal(finish(null), 'unknown');
  assert.equal(finish('end_turn', [{ type: 'tool_use', id: 't', name: 'f', input: {} }]), 'tool-calls');
});

test('an error inside HTTP 200 is an error, not an empty answer', () => {
  const envelope = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const decoded = anthropicMessages.decodeResponse(envelope, context());
  assert.ok(!decoded.ok);
  assert.equal(decoded.error.kind, 'overloaded');
  assert.equal(anthropicMessages.decodeResponse({}, context()).ok, false);
});

test('HTTP errors are sorted by type and status and keep their request id', () => {
  const kind = (status: number, type: string, message = 'm') =>
    anthropicMessages.decodeError(status, {}, { type: 'error', error: { type, message } }).kind;
  assert.equal(kind(529, 'overloaded_error'), 'overloaded');
  assert.equal(kind(413, 'request_too_large'), 'too-large');
  assert.equal(kind(404, 'not_found_error'), 'not-found');
  assert.equal(kind(401, 'authentication_error'), 'auth');
  assert.equal(
    kind(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    'context-length',
  );
  assert.equal(kind(400, 'invalid_request_error', 'Your credit balance is too low to access'), 'quota');
  const limited = anthropicMessages.decodeError(
    429,
    { 'retry-after': '12' },
    { type: 'error', error: { type: 'rate_limit_error', message: 'm' }, request_id: 'req_1' },
  );
  assert.deepEqual(
    [limited.retryAfterMs, limited.requestId, limited.code],
    [12_000, 'req_1', 'rate_limit_error'],
  );
});

test('errors are answered in the Anthropic envelope', () => {
  const encoded = anthropicMessages.encodeError({
    kind: 'overloaded',
    message: 'busy',
    source: 'upstream',
    retryAfterMs: 500,
    requestId: 'req_1',
  });
  assert.equal(encoded.status, 529);
  assert.equal(encoded.headers['retry-after'], '1');
  assert.equal(encoded.headers['request-id'], 'req_1');
  assert.deepEqual(encoded.body, {
    type: 'error',
    error: { type: 'overloaded_error', message: 'busy' },
    request_id: 'req_1',
  });
});

test('a full context is told in the words that make Claude Code compact', () => {
  const body = anthropicMessages.encodeError({
    kind: 'context-length',
    message: 'too big',
    source: 'upstream',
  }).body;
  assert.match(JSON.stringify(body), /prompt is too long: too big/);
});

test('the reader of a passed-on stream sees usage, finish, model and errors', () => {
  const read = (name: string) => {
    const parser = createSseParser();
    const reader = anthropicMessages.createPassthroughReader();
    const bytes = readFileSync(new URL(`./__fixtures__/${name}.sse`, import.meta.url));
    for (const event of [...parser.push(bytes), ...parser.end()]) reader.push(event);
    return reader.seen();
  };
  assert.deepEqual(read('stop-sequence'), {
    usage: {
      inputTokens: 425,
      outputTokens: 42,
      cachedInputTokens: 300,
      cacheWriteTokens: 100,
      cacheWrite1hTokens: 40,
    },
    finish: 'stop_sequence',
    model: 'claude-x',
    id: 'msg_01XyZ',
    terminal: true,
  });
  assert.equal(read('truncated').terminal, false);
  assert.equal(read('error-event').error?.kind, 'overloaded');
});
