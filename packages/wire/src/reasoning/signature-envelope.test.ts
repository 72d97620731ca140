import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { openSignature, sealSignature, type SealedSignature } from './signature-envelope.ts';

const anything = fc.string({ unit: 'binary' });

test('a sealed signature opens byte for byte, text and issuer included', () => {
  const sealed = fc.record<SealedSignature, 'issuer' | 'kind' | 'data'>(
    {
      issuer: anything,
      kind: fc.constantFrom('signature', 'redacted', 'encrypted'),
      data: anything,
      text: anything,
    },
    { requiredKeys: ['issuer', 'kind', 'data'] },
  );
  fc.assert(
    fc.property(sealed, (value) => {
      assert.deepEqual(openSignature(sealSignature(value), 'openai'), { ...value });
    }),
  );
});

test('a string that is no envelope belongs to the native vendor', () => {
  assert.deepEqual(openSignature('gAAAA', 'openai'), { issuer: 'openai', kind: 'encrypted', data: 'gAAAA' });
  assert.deepEqual(openSignature('EqQB', 'anthropic', 'signature'), {
    issuer: 'anthropic',
    kind: 'signature',
    data: 'EqQB',
  });
});

test('broken and hostile envelopes never throw and are kept whole', () => {
  const broken = [
    'vgl1.',
    'vgl1.x.y.z.w',
    'vgl1.s.%.a.b',
    'vgl1.s.%22.a.b',
    'vgl1.__proto__.a.b.c',
    'vgl1.s.a',
  ];
  for (const text of broken) assert.equal(openSignature(text, 'openai').data, text, text);
  fc.assert(fc.property(anything, (text) => void openSignature(`vgl1.${text}`, 'openai')));
});

test('an envelope is printable ASCII when its data is', () => {
  const sealed = sealSignature({ issuer: 'müller', kind: 'redacted', data: 'QUJD', text: 'hm…\n\ud800' });
  assert.match(sealed, /^vgl1\.[\x21-\x7e]+$/);
});
