import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { SseOverflow, type SseEvent } from '../sse/index.ts';
import { createEventStreamParser } from './event-stream.ts';
import { eventFrame, frame, frameOf, headerBlock, joined } from './frames.test-support.ts';

const read = (bytes: Uint8Array, sizes: readonly number[] = []): SseEvent[] => {
  const parser = createEventStreamParser();
  const events: SseEvent[] = [];
  let at = 0;
  for (let round = 0; at < bytes.length; round++) {
    const size = sizes[Math.min(round, sizes.length - 1)] ?? bytes.length;
    // A buffer that is used again, as sockets do.
    const reused = new Uint8Array(bytes.subarray(at, at + size));
    events.push(...parser.push(reused));
    reused.fill(0);
    at += size;
  }
  return [...events, ...parser.end()];
};

test('any cut of the same frames gives the same events', () => {
  const data = fc.record({ text: fc.string({ unit: 'grapheme' }), more: fc.array(fc.integer()) });
  const stream = fc.array(fc.tuple(fc.stringMatching(/^[a-zA-Z]{1,20}$/), data), { maxLength: 8 });
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(stream, sizes, (events, cuts) => {
      const bytes = Buffer.concat(events.map(([type, value]) => eventFrame(type, value)));
      const wanted = events.map(([event, value]) => ({ event, data: JSON.stringify(value) }));
      assert.deepEqual(read(bytes), wanted);
      assert.deepEqual(read(bytes, cuts), wanted);
      assert.deepEqual(read(bytes, [1]), wanted);
    }),
  );
});

test('exceptions and errors keep their name and words', () => {
  const bytes = Buffer.concat([
    frame({ ':exception-type': 'throttlingException', ':message-type': 'exception' }, '{"message":"slow"}'),
    frame({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'broken' }, ''),
  ]);
  assert.deepEqual(read(bytes, [5]), [
    { event: 'exception:throttlingException', data: '{"message":"slow"}' },
    { event: 'exception:InternalError', data: '{"message":"broken"}' },
  ]);
});

test('header values of every type are stepped over', () => {
  const others = Buffer.concat([
    Buffer.from([1, 97, 0, 1, 98, 1, 1, 99, 2, 9, 1, 100, 3, 0, 1, 1, 101, 4, 0, 0, 0, 1]),
    Buffer.concat([Buffer.from([1, 102, 5]), Buffer.alloc(8)]),
    Buffer.from([1, 103, 6, 0, 2, 7, 7]),
    Buffer.concat([Buffer.from([1, 104, 8]), Buffer.alloc(8)]),
    Buffer.concat([Buffer.from([1, 105, 9]), Buffer.alloc(16)]),
  ]);
  assert.deepEqual(read(withHeaders(others)), [{ event: 'text', data: '{}' }]);
  assert.match(read(withHeaders(Buffer.from([1, 97, 12])))[0]?.data ?? '', /unreadable headers/);
});

/** A frame of type `text` whose header block begins with the given bytes. */
function withHeaders(first: Uint8Array): Uint8Array {
  const block = joined(first, headerBlock({ ':event-type': 'text' }));
  return frameOf(block, new TextEncoder().encode('{}'));
}

test('a single wrong bit anywhere is found, said once, and nothing after it is read', () => {
  const good = Buffer.concat([eventFrame('a', { text: 'one' }), eventFrame('b', { text: 'two' })]);
  const first = eventFrame('a', { text: 'one' }).length;
  for (let at = 0; at < first; at++) {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const events = read(bytes);
    assert.equal(events.length, 1, `byte ${at}`);
    assert.match(events[0]?.event ?? '', /^exception:eventStreamDamaged$/);
    assert.match(events[0]?.data ?? '', /checksum/);
  }
});

test('a frame that says it is longer than the limit is refused before it is held', () => {
  const parser = createEventStreamParser({ maxEventBytes: 100 });
  const long = eventFrame('a', { text: 'x'.repeat(200) });
  assert.throws(() => parser.push(long.subarray(0, 12)), SseOverflow);
  assert.deepEqual(parser.push(long), []);
});

test('headers that reach out of their frame are refused', () => {
  const bytes = Buffer.from(eventFrame('a', {}));
  bytes.writeUInt32BE(bytes.length, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  assert.match(read(bytes)[0]?.data ?? '', /headers longer than their frame/);
});
