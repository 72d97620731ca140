import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactData, redactText } from './redact.ts';

describe('redacting', () => {
  const secrets = [
    'sk-proj-abcdefghijklmnop',
    'vgl_abcdef_ghijklmnopqrstuvwxyz',
    'ghp_abcdefghijklmnopqrstuvwxyz',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  ];
  for (const secret of secrets) {
    it(`takes ${secret.slice(0, 4)}… out of a line`, () => {
      assert.equal(redactText(`before ${secret} after`).includes(secret), false);
    });
  }

  it('takes out what is assigned to a name that says secret, in URLs and headers too', () => {
    const line =
      'OPENAI_API_KEY=hunter22 "password": "hunter22" postgres://me:hunter22@db Authorization: Bearer hunter2222';
    assert.equal(redactText(line).includes('hunter22'), false);
  });

  it('leaves ordinary lines alone', () => {
    const line = 'listening on 127.0.0.1:8766, input_tokens 1200, password prompt shown';
    assert.equal(redactText(line), line);
  });

  it('goes through nested data', () => {
    assert.deepEqual(redactData({ a: [{ token: 'hunter22', n: 1 }] }), {
      a: [{ token: '[redacted]', n: 1 }],
    });
  });

  it('is linear in the length of a hostile line', () => {
    for (const part of ['a_', 'token ', '//a:', 'eyJa.', 'key=', 'Bearer ']) redactText(part.repeat(50_000));
  });
});
