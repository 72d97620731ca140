import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createSseParser, sseComment, sseData, sseEvent, SseOverflow, type SseEvent } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(text: string | Uint8Array, size = Number.MAX_SAFE_INTEGER): SseEvent[] {
  const whole = typeof text === 'string' ? bytes(text) : text;
  const parser = createSseParser();
  const events: SseEvent[] = [];
  for (let at = 0; at < whole.length; at += size) events.push(...parser.push(whole.subarray(at, at + size)));
  return [...events, ...parser.end()];
}

test('an event carries its name, id and data', () => {
  assert.deepEqual(parse('event: x\nid: 7\ndata: {"a":1}\n\n'), [{ event: 'x', id: '7', data: '{"a":1}' }]);
});

test('data without a space, several data lines and unknown fields are read', () => {
  assert.deepEqual(parse('data:a\ndata:  b\ndata\nretry: 9\nfoo: bar\n\n'), [{ data: 'a\n b\n' }]);
});

test('LF, CR and CRLF end lines alike, also when a CRLF is split between chunks', () => {
  const wanted = [{ event: 'x', data: 'a\nb' }, { data: 'c' }];
  for (const end of ['\n', '\r', '\r\n']) {
    const text = ['event: x', 'data: a', 'data: b', '', 'data: c', '', ''].join(end);
    for (const size of [1, 2, 3, 5, 1000])
      assert.deepEqual(parse(text, size), wanted, JSON.stringify(end) + size);
  }
});

test('a byte order mark is skipped, also when it is cut', () => {
  for (const size of [1, 2, 100]) assert.deepEqual(parse('\uFEFFdata: a\n\n', size), [{ data: 'a' }]);
});

test('the last event counts without its blank line', () => {
  assert.deepEqual(parse('data: a\n\ndata: b'), [{ data: 'a' }, { data: 'b' }]);
});

test('comments and lone blank lines show that someone is alive', () => {
  const alive = { data: '', comment: true };
  assert.deepEqual(parse(': OPENROUTER PROCESSING\n\ndata: a\n\n\n:\n'), [
    alive,
    { data: 'a' },
    alive,
    alive,
  ]);
});

test('a comment is reported before its blank line comes', () => {
  assert.equal(createSseParser().push(bytes(': hi\n')).length, 1);
});

test('a comment inside an event belongs to the event', () => {
  assert.deepEqual(parse('data: a\n: note\ndata: b\n\n'), [{ data: 'a\nb' }]);
});

test('an event without data is a sign of life', () => {
  assert.deepEqual(parse('event: ping\n\n'), [{ event: 'ping', data: '', comment: true }]);
});

test('UTF-8 may be cut at any byte', () => {
  const text = 'data: Grüße 世界 👩‍👩‍👧\n\n';
  for (let size = 1; size < 12; size++) assert.deepEqual(parse(text, size), [{ data: 'Grüße 世界 👩‍👩‍👧' }]);
});

test('any bytes in any chunks give the same events', () => {
  const alphabet = fc.constantFrom('\n', '\r', ':', ' ', 'data', 'event', 'id', 'é', '\uFEFF', '\u0000');
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = pieces.join('');
      assert.deepEqual(parse(text, size), parse(text));
    }),
  );
});

test('a chunk may be reused by its owner after push', () => {
  const parser = createSseParser();
  const chunk = Buffer.from('data: abc');
  parser.push(chunk);
  chunk.fill(0);
  assert.deepEqual(parser.push(bytes('\n\n')), [{ data: 'abc' }]);
});

test('an event above the limit is refused with the limit, whether it comes whole or in pieces', () => {
  const long = bytes(`data: ${'x'.repeat(100)}\n\n`);
  for (const size of [1, 10, 1000]) {
    const parser = createSseParser({ maxEventBytes: 50 });
    const feed = () => {
      for (let at = 0; at < long.length; at += size) parser.push(long.subarray(at, at + size));
    };
    assert.throws(feed, (error) => error instanceof SseOverflow && error.limitBytes === 50);
  }
});

test('many small events stay far below the limit', () => {
  const parser = createSseParser({ maxEventBytes: 50 });
  assert.equal(parser.push(bytes('data: 12345\n\n'.repeat(100))).length, 100);
});

test('what the formatter writes, the parser reads', () => {
  const value = { text: 'a\nb\u2028"é' };
  const read = parse(sseEvent('e', value) + sseData(value) + sseComment('ping'));
  assert.deepEqual(
    read.map(({ event, data }) => [event, data && JSON.parse(data)]),
    [
      ['e', value],
      [undefined, value],
      [undefined, ''],
    ],
  );
});
