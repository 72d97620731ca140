import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf, templateOf } from './fingerprint.ts';

describe('the template of a line', () => {
  for (const [line, expected] of [
    [
      '2026-05-22T16:00:01.123Z request req_8f3k2j9d1s failed after 15002 ms',
      '<time> request <id> failed after <n> ms',
    ],
    ['OSError: [Errno 98] Address already in use', 'OSError: [Errno <n>] Address already in use'],
    ['connect ECONNREFUSED 127.0.0.1:8766', 'connect ECONNREFUSED <address>'],
    ['connect ECONNREFUSED [::1:2:3:4]:8766', 'connect ECONNREFUSED <address>'],
    [
      "ENOENT: no such file or directory, open '/home/kim/.codex/config.toml'",
      'ENOENT: no such file or directory, open <text>',
    ],
    ['cannot read /var/lib/app/data.db at 0xdeadbeef', 'cannot read <path> at <hex>'],
    ['commit 9f8e7d6c5b4a of job 12 by kim@example.org', 'commit <hex> of job <n> by <address>'],
    ['GET https://api.example.org/v1/models?key=1 → 503', 'GET <url> → <n>'],
    ['session 0b7e7dc4-9d10-4c55-8f8e-0f6a3a1d2b3c lost', 'session <id> lost'],
    ['\u001b[31mERROR\u001b[0m   heap at 1.5e9 bytes', 'ERROR heap at <n> bytes'],
    ["it doesn't work, it can't", "it doesn't work, it can't"],
    ['stream disconnected', 'stream disconnected'],
    ['http2 sha256 utf8 stay words', 'http2 sha256 utf8 stay words'],
  ] as const) {
    it(`masks what changes: ${expected}`, () => assert.equal(templateOf(line), expected));
  }

  it('is found in linear time, whatever the line holds', () => {
    for (const evil of [
      'a'.repeat(1e6),
      '/a'.repeat(5e5),
      '1.'.repeat(5e5),
      `"${'x'.repeat(1e6)}`,
      '0a'.repeat(5e5),
    ]) {
      assert.ok(templateOf(evil).length <= 400);
    }
  });
});

describe('a fingerprint', () => {
  const seen = {
    fault: 'A2',
    targetClass: 'service' as const,
    version: '1.0',
    line: 'port 8080 in use by 4711',
  };
  const { id } = fingerprintOf(seen);

  it('is the same for the same failure with other numbers', () => {
    assert.equal(fingerprintOf({ ...seen, line: 'port 8081 in use by 1' }).id, id);
  });

  it('differs by fault, class of target, version and wording', () => {
    for (const other of [
      { fault: 'A1' },
      { targetClass: 'host' as const },
      { version: '1.1' },
      { version: null },
      { line: 'port 8080 is taken by 4711' },
    ]) {
      assert.notEqual(fingerprintOf({ ...seen, ...other }).id, id);
    }
  });
});
