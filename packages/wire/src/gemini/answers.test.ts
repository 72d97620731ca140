import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TurnResponse } from '../canonical/index.ts';
import { protocols } from '../index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { answerContext, decodeBytes, decodeContext, encodeEvents, foldTurn } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { gemini } from './index.ts';

const context = (issuer = 'gemini') => decodeContext(createToolNames(fixtureTools), issuer);

test('what is written as a whole answer reads back the same', () => {
  const response: TurnResponse = {
    id: 'rsp',
    model: 'asked-model',
    createdAt: 1_700_000_000,
    parts: [
      {
        type: 'reasoning',
        text: 'hm',
        summary: [],
        signature: { issuer: 'gemini', kind: 'signature', data: 'Eq' },
      },
      {
        type: 'reasoning',
        text: 'é',
        summary: [],
        signature: { issuer: 'openai', kind: 'encrypted', data: 'gA.b' },
      },
      { type: 'text', text: 'a' },
      { type: 'tool-call', kind: 'custom', id: 'c2', name: 'run_code', input: 'x' },
      {
        type: 'tool-call',
        kind: 'function',
        id: 'c1',
        name: 'read',
        namespace: 'mcp__files',
        input: '{"path":"a"}',
        signature: { issuer: 'google', kind: 'signature', data: 'c2ln' },
      },
      { type: 'opaque', protocol: 'gemini', label: 'executableCode', raw: { executableCode: { code: 'x' } } },
    ],
    finish: 'tool-calls',
    usage: { inputTokens: 90, outputTokens: 5, cachedInputTokens: 30, reasoningTokens: 2 },
  };
  const body = gemini.encodeResponse(response, answerContext(fixtureTools));
  assert.deepEqual(gemini.decodeResponse(structuredClone(body), context()), {
    ok: true,
    value: response,
    losses: [],
  });
  assert.deepEqual(gemini.readUsage(body), response.usage);
});

test('thoughts are counted once: apart from the answer on the wire, inside the output here', () => {
  const usageMetadata = {
    promptTokenCount: 100,
    candidatesTokenCount: 10,
    thoughtsTokenCount: 30,
    cachedContentTokenCount: 64,
    totalTokenCount: 140,
  };
  const usage = gemini.readUsage({ usageMetadata });
  assert.deepEqual(usage, { inputTokens: 100, outputTokens: 40, cachedInputTokens: 64, reasoningTokens: 30 });
  const response: TurnResponse = {
    id: 'r',
    model: 'm',
    createdAt: 1,
    parts: [],
    finish: 'stop',
    ...(usage && { usage }),
  };
  const body = gemini.encodeResponse(response, answerContext()) as { usageMetadata: object };
  assert.deepEqual(body.usageMetadata, usageMetadata);
});

test('finish reasons of the wire find their canonical word', () => {
  const finish = (finishReason?: string, parts: unknown[] = []) => {
    const decoded = gemini.decodeResponse({ candidates: [{ content: { parts }, finishReason }] }, context());
    return decoded.ok ? decoded.value.finish : decoded.error.code;
  };
  assert.equal(finish('STOP'), 'stop');
  assert.equal(finish('STOP', [{ functionCall: { name: 'f' } }]), 'tool-calls');
  assert.equal(finish('MAX_TOKENS'), 'length');
  for (const word of ['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII']) {
    assert.equal(finish(word), 'content-filter');
  }
  assert.equal(finish('MALFORMED_FUNCTION_CALL'), 'malformed_function_call');
  assert.equal(finish('OTHER'), 'unknown');
  const blocked = gemini.decodeResponse({ promptFeedback: { blockReason: 'SAFETY' } }, context());
  assert.equal(blocked.ok && blocked.value.finish, 'content-filter');
  assert.equal(gemini.decodeResponse({}, context()).ok, false);
});

const TYPE = 'type.googleapis.com/google.rpc.';

test('errors are sorted by status and details, and name their wait', () => {
  const decode = (status: number, word: string, message: string, details: object[] = []) =>
    gemini.decodeError(status, {}, { error: { code: status, message, status: word, details } });
  const limited = decode(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded. Please retry in 34s.', [
    { '@type': `${TYPE}QuotaFailure`, violations: [] },
    { '@type': `${TYPE}RetryInfo`, retryDelay: '34.074824224s' },
  ]);
  assert.deepEqual([limited.kind, limited.retryAfterMs], ['rate-limited', 34_075]);
  const key = decode(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
    { '@type': `${TYPE}ErrorInfo`, reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
  ]);
  assert.equal(key.kind, 'auth');
  const field = decode(400, 'INVALID_ARGUMENT', 'Invalid value', [
    { '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: 'contents[0].parts' }] },
  ]);
  assert.deepEqual([field.kind, field.param], ['invalid-request', 'contents[0].parts']);
  const long = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).';
  assert.equal(decode(400, 'INVALID_ARGUMENT', long).kind, 'context-length');
  assert.equal(decode(503, 'UNAVAILABLE', 'The model is overloaded.').kind, 'overloaded');
  assert.equal(decode(404, 'NOT_FOUND', 'models/x is not found').kind, 'not-found');
  assert.equal(
    gemini.decodeError(503, {}, [{ error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }]).kind,
    'overloaded',
  );
});

test('every kind of error survives Google’s envelope', () => {
  for (const kind of [
    'context-length',
    'too-large',
    'auth',
    'permission',
    'not-found',
    'rate-limited',
    'quota',
    'overloaded',
    'timeout',
    'content-filter',
    'server',
    'invalid-request',
  ] as const) {
    const { status, headers, body } = gemini.encodeError({
      kind,
      message: 'm',
      source: 'gateway',
      retryAfterMs: 1500,
    });
    const back = gemini.decodeError(status, headers, body);
    assert.deepEqual([back.kind, back.retryAfterMs], [kind, 1500]);
  }
});

// Gitlawb/openclaude#67
test('a call’s signature goes through every client and back to its issuer byte for byte', () => {
  const bytes = readFileSync(new URL('./__fixtures__/parallel-calls.sse', import.meta.url));
  const events = decodeBytes(gemini, bytes, context('google'));
  const turn = foldTurn(events);
  const ids = turn.parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  const shapes = {
    'openai-responses': (answer: Record<string, unknown>) => ({
      input: [
        { role: 'user', content: 'go' },
        ...(answer.output as object[]),
        ...ids.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: 'done' })),
      ],
    }),
    'openai-chat': (answer: Record<string, unknown>) => ({
      messages: [
        { role: 'user', content: 'go' },
        (answer.choices as { message: object }[])[0]?.message,
        ...ids.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'done' })),
      ],
    }),
    'anthropic-messages': (answer: Record<string, unknown>) => ({
      messages: [
        { role: 'user', content: 'go' },
        { role: 'assistant', content: answer.content },
        {
          role: 'user',
          content: ids.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
        },
      ],
    }),
    gemini: (answer: Record<string, unknown>) => ({
      contents: [
        { role: 'user', parts: [{ text: 'go' }] },
        (answer.candidates as { content: object }[])[0]?.content,
        {
          role: 'user',
          parts: ids.map(({ id, name }) => ({
            functionResponse: { id, name, response: { output: 'done' } },
          })),
        },
      ],
    }),
  };
  for (const client of Object.values(protocols)) {
    const response: TurnResponse = {
      id: 'x',
      model: 'm',
      createdAt: 1,
      parts: turn.parts,
      finish: 'tool-calls',
    };
    const answer = client.encodeResponse(response, answerContext(fixtureTools, {}, 'google'));
    const decoded = client.decodeRequest({
      model: 'm',
      ...shapes[client.name](answer as Record<string, unknown>),
    });
    assert.ok(decoded.ok, JSON.stringify(decoded));
    const signatures = (issuer: string) => {
      const { body } = gemini.encodeRequest(decoded.value, { model: 'gemini-3-pro', issuer });
      const contents = body.contents as { parts: Record<string, unknown>[] }[];
      return contents[1]?.parts.filter((part) => part.functionCall).map((part) => part.thoughtSignature);
    };
    assert.deepEqual(signatures('google'), ['CiQBcsjafA1first+/==', undefined, undefined], client.name);
    assert.deepEqual(
      signatures('other'),
      ['skip_thought_signature_validator', undefined, undefined],
      client.name,
    );
  }
});

test('a Gemini client’s stream has data events only, and a heartbeat that says nothing', () => {
  const bytes = readFileSync(
    new URL('../openai-chat/__fixtures__/parallel-interleaved-calls.sse', import.meta.url),
  );
  const events = decodeBytes(protocols['openai-chat'], bytes, decodeContext(createToolNames(fixtureTools)));
  const text = encodeEvents(gemini, [{ type: 'heartbeat' }, ...events], answerContext(fixtureTools));
  const lines = text.trimEnd().split('\n\n');
  assert.ok(lines.every((line) => line.startsWith('data: {')));
  const chunks = lines.map(
    (line) =>
      JSON.parse(line.slice(6)) as { candidates: { finishReason?: string }[]; usageMetadata?: object },
  );
  assert.deepEqual(chunks.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean), ['STOP']);
  assert.ok(chunks.at(-1)?.usageMetadata);
});

test('Anthropic thinking goes through a streaming Gemini client and back byte for byte', () => {
  const messages = protocols['anthropic-messages'];
  const file = new URL('../anthropic-messages/__fixtures__/thinking-parallel-calls.sse', import.meta.url);
  const events = decodeBytes(messages, readFileSync(file), context('claude'));
  const ids = foldTurn(events).parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
  const answers = encodeEvents(gemini, events, answerContext(fixtureTools, {}, 'claude'))
    .trimEnd()
    .split('\n\n')
    .map((line) => JSON.parse(line.slice(6)) as { candidates: { content: { parts: object[] } }[] });
  const parts = answers.flatMap(({ candidates }) => candidates[0]?.content.parts ?? []);
  const results = ids.map(({ id, name }) => ({
    functionResponse: { id, name, response: { output: 'done' } },
  }));
  const decoded = gemini.decodeRequest({
    model: 'm',
    contents: [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts },
      { role: 'user', parts: results },
    ],
  });
  assert.ok(decoded.ok);
  const { body } = messages.encodeRequest(decoded.value, { model: 'claude-sonnet-4-5', issuer: 'claude' });
  const written = body.messages as { content: object[] }[];
  assert.deepEqual(written[1]?.content.slice(0, 2), [
    { type: 'thinking', thinking: 'I need two calls.', signature: 'EqQBCgIYAhIM+/==' },
    { type: 'redacted_thinking', data: 'EmwKAhgBEgy3va==' },
  ]);
});
