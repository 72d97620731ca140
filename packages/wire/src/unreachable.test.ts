import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocols } from './index.ts';

test('a provider that the gateway cannot reach is told as that; only Responses says what Codex retries', () => {
  const unreachable = {
    kind: 'overloaded',
    code: 'upstream_unreachable',
    message: 'm',
    source: 'gateway',
  } as const;
  const codeOf = (body: unknown) => (body as { error: { code?: string } }).error.code;
  assert.equal(codeOf(protocols['openai-chat'].encodeError(unreachable).body), 'upstream_unreachable');
  assert.equal(codeOf(protocols['anthropic-messages'].encodeError(unreachable).body), 'upstream_unreachable');
  assert.equal(codeOf(protocols['openai-responses'].encodeError(unreachable).body), 'server_is_overloaded');
  const busy = { ...unreachable, source: 'upstream' } as const;
  assert.equal(codeOf(protocols['openai-chat'].encodeError(busy).body), 'server_is_overloaded');
});
