import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc32 } from 'node:zlib';
import { formatToken, hashOf, newDeviceId, newSecret, sameHash, tokenDevice } from './token.ts';

it('a token names its device and proves its own spelling without a store', () => {
  const id = newDeviceId();
  const token = formatToken(id, newSecret());
  assert.equal(tokenDevice(token), id);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    assert.equal(tokenDevice(token.slice(0, at) + other + token.slice(at + 1)), null, `character ${at}`);
  }
});

it('the checksum is CRC32 of all before it, in base 62, so that scanners can verify it', () => {
  const token = formatToken('deviceid1234', 'x'.repeat(43));
  let value = 0;
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  for (const digit of token.slice(-6)) value = value * 62 + digits.indexOf(digit);
  assert.equal(value, crc32(token.slice(0, -6)));
});

it('hashes are equal only when all of them is', () => {
  assert.equal(sameHash(hashOf('a'), hashOf('a')), true);
  assert.equal(sameHash(hashOf('a'), hashOf('b')), false);
  assert.equal(sameHash(hashOf('a'), ''), false);
});
