import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireErrorKind } from '../canonical/index.ts';
import { fixtureTools } from '../testing/tools.ts';
import { decodeContext } from '../testing/turn.ts';
import { createToolNames } from '../tools/index.ts';
import { bedrockConverse } from './index.ts';

const context = () => decodeContext(createToolNames(fixtureTools), 'aws');

test('a whole answer is read with its reasoning, calls, usage and end', () => {
  const decoded = bedrockConverse.decodeResponse(
    {
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln+/==' } } },
            { reasoningContent: { redactedContent: 'AAEC' } },
            { text: 'Looking.' },
            { toolUse: { toolUseId: 'tooluse_1', name: 'mcp__files__read', input: { path: 'a' } } },
            { citationsContent: { content: [] } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 10, outputTokens: 5, totalTokens: 15, cacheReadInputTokens: 3 },
      metrics: { latencyMs: 5 },
      serviceTier: { type: 'flex' },
    },
    context(),
  );
  assert.ok(decoded.ok);
  const { parts, finish, usage, serviceTier } = decoded.value;
  const signed = (kind: string, data: string) => ({ issuer: 'aws', kind, data });
  assert.deepEqual(parts.slice(0, 4), [
    { type: 'reasoning', text: 'Hm.', summary: [], signature: signed('signature', 'c2ln+/==') },
    { type: 'reasoning', text: '', summary: [], signature: signed('redacted', 'AAEC') },
    { type: 'text', text: 'Looking.' },
    {
      type: 'tool-call',
      kind: 'function',
      name: 'read',
      namespace: 'mcp__files',
      id: 'tooluse_1',
      input: '{"path":"a"}',
    },
  ]);
  assert.equal(parts[4]?.type === 'opaque' && parts[4].label, 'citationsContent');
  assert.deepEqual([finish, serviceTier], ['tool-calls', 'flex']);
  assert.deepEqual(usage, { inputTokens: 13, outputTokens: 5, cachedInputTokens: 3 });
});

test('an answer without content, or one Bedrock could not read, is an error', () => {
  for (const body of [null, {}, { output: {} }, { message: 'no' }]) {
    const decoded = bedrockConverse.decodeResponse(body, context());
    assert.equal(decoded.ok, false);
  }
  const malformed = bedrockConverse.decodeResponse(
    { output: { message: { content: [] } }, stopReason: 'malformed_model_output' },
    context(),
  );
  assert.equal(!malformed.ok && malformed.error.code, 'malformed_model_output');
});

const ERRORS: [WireErrorKind, number, string | undefined, unknown][] = [
  ['rate-limited', 429, 'ThrottlingException:http://internal.amazon.com/', { message: 'Too many requests' }],
  ['quota', 400, 'ServiceQuotaExceededException', { message: 'Limit' }],
  ['permission', 403, 'AccessDeniedException', { Message: 'User is not authorized to perform' }],
  [
    'auth',
    403,
    'UnrecognizedClientException',
    { message: 'The security token included in the request is invalid.' },
  ],
  [
    'auth',
    403,
    'ExpiredTokenException',
    { message: 'The security token included in the request is expired' },
  ],
  [
    'auth',
    403,
    'InvalidSignatureException',
    { message: 'The request signature we calculated does not match' },
  ],
  ['context-length', 400, 'ValidationException', { message: 'Input is too long for requested model.' }],
  [
    'context-length',
    400,
    'ValidationException',
    { message: 'prompt is too long: 210000 tokens > 200000 maximum' },
  ],
  ['invalid-request', 400, 'ValidationException', { message: 'The model does not support tool use.' }],
  ['not-found', 404, 'ResourceNotFoundException', { message: 'Could not resolve the foundation model' }],
  ['timeout', 408, 'ModelTimeoutException', { message: 'Model has timed out in processing the request.' }],
  ['overloaded', 429, 'ModelNotReadyException', { message: 'The model is not ready.' }],
  ['server', 424, 'ModelErrorException', { message: 'The system encountered an unexpected error' }],
  ['overloaded', 503, 'ServiceUnavailableException', { message: 'Too many connections' }],
  ['server', 500, 'InternalServerException', {}],
  [
    'rate-limited',
    400,
    undefined,
    { __type: 'com.amazon.coral.availability#ThrottlingException', message: 'x' },
  ],
  ['overloaded', 503, undefined, '<html><title>Service Unavailable</title></html>'],
];

for (const [kind, status, type, body] of ERRORS) {
  test(`${type ?? 'without a type'}, ${status}, ${JSON.stringify(body).slice(0, 60)} is ${kind}`, () => {
    const headers = { 'x-amzn-errortype': type, 'x-amzn-requestid': 'r-1' };
    const error = bedrockConverse.decodeError(status, headers, body);
    assert.equal(error.kind, kind);
    assert.equal(error.status, status);
    assert.equal(error.requestId, 'r-1');
    if (type) assert.equal(error.code, type.split(':')[0]);
    const { Message: words } = body as { Message?: string };
    if (words !== undefined) assert.equal(error.message, words);
  });
}
