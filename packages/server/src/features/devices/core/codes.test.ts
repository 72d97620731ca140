import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addressKey } from './address.ts';
import { createLru } from './lru.ts';
import { codeAlphabet, codeFrom, codeLength, normaliseCode } from './pairing-code.ts';
import { guess, type ThrottleState } from './throttle.ts';

it('a code carries at least 37 bits and every symbol is as likely as the others', () => {
  assert.ok(codeLength * Math.log2(codeAlphabet.length) >= 37);
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    const symbol = codeFrom(new Uint8Array(codeLength).fill(byte))?.[0];
    if (symbol) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  }
  assert.equal(counts.size, codeAlphabet.length);
  assert.equal(new Set(counts.values()).size, 1);
});

it('a code may be typed in any case, with spaces and dashes of any kind', () => {
  for (const typed of ['BCDF 2345', 'bcdf-2345', ' b c d f 2 3 4 5 ', 'bcdf–2345', 'BCDF2345']) {
    assert.equal(normaliseCode(typed), 'BCDF2345', typed);
  }
  for (const typed of ['BCDF 234', 'BCDF 23456', 'ACDF 2345', ''])
    assert.equal(normaliseCode(typed), null, typed);
});

it('guesses run out, right or wrong, until the time is over', () => {
  const rule = { max: 2, spanMs: 1000 };
  let state: ThrottleState | undefined;
  const waits = [0, 10, 20, 999, 1000].map((nowMs) => {
    const counted = guess(state, rule, nowMs);
    state = counted.state;
    return counted.waitMs;
  });
  assert.deepEqual(waits, [0, 0, 980, 1, 0]);
});

it('an address is one key however it is written, and an IPv6 network is one address', () => {
  assert.equal(addressKey('::ffff:192.0.2.1'), addressKey('192.0.2.1'));
  assert.equal(addressKey('2001:db8:1:2::1'), addressKey('2001:0db8:1:2:ffff:ffff:ffff:ffff'));
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'));
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
});

it('a full map forgets what was not touched for longest', () => {
  const map = createLru<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  assert.deepEqual([map.get('a'), map.get('b'), map.get('c'), map.size], [3, undefined, 4, 2]);
});
