import type { TurnEvent } from '../canonical/index.ts';
import type { DecodeContext } from '../protocol.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import { crc32 } from './crc32.ts';
import { createStreamDecoder } from './decode-stream.ts';
import { createEventStreamParser } from './event-stream.ts';

/** Bytes in a row. */
export function joined(...pieces: (Uint8Array | number[])[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => Array.from(piece)));
}

const uint32 = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** A frame around a block of headers; the library of AWS writes those of the gateway's own tests. */
export function frameOf(block: Uint8Array, payload: Uint8Array): Uint8Array {
  const prelude = joined(uint32(16 + block.length + payload.length), uint32(block.length));
  const head = joined(prelude, uint32(crc32(prelude, 0, 8)), block, payload);
  return joined(head, uint32(crc32(head, 0, head.length)));
}

/** Text headers as they stand in a frame. */
export function headerBlock(headers: Record<string, string>): Uint8Array {
  const pieces = Object.entries(headers).flatMap(([name, value]) => {
    const [key, text] = [encodeUtf8(name), encodeUtf8(value)];
    return [[key.length], key, [7, text.length >> 8, text.length & 0xff], text];
  });
  return joined(...pieces);
}

export const frame = (headers: Record<string, string>, payload: string): Uint8Array =>
  frameOf(headerBlock(headers), encodeUtf8(payload));

/** A frame of the usual kind. */
export const eventFrame = (type: string, data: unknown): Uint8Array =>
  frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(data),
  );

/** A recorded stream as the bytes it came in: a line an event, `!` before the type of an exception. */
export function framesOf(text: string): Uint8Array {
  const frames = text
    .trim()
    .split('\n')
    .map((line) => {
      const [type = '', data] = Object.entries(JSON.parse(line) as Record<string, unknown>)[0] ?? [];
      if (!type.startsWith('!')) return eventFrame(type, data);
      const headers = { ':exception-type': type.slice(1), ':message-type': 'exception' };
      return frame(headers, JSON.stringify(data));
    });
  return joined(...frames);
}

/** Reads a stream's bytes, cut into pieces of the given sizes (the last size repeats; none: one piece). */
export function decodeFrames(
  bytes: Uint8Array,
  context: DecodeContext,
  sizes: readonly number[] = [],
): TurnEvent[] {
  const parser = createEventStreamParser();
  const decoder = createStreamDecoder(context);
  const events: TurnEvent[] = [];
  let at = 0;
  for (let round = 0; at < bytes.length; round++) {
    const size = sizes[Math.min(round, sizes.length - 1)] ?? bytes.length;
    for (const event of parser.push(bytes.subarray(at, at + size))) events.push(...decoder.push(event));
    at += size;
  }
  events.push(...decoder.end());
  return events;
}
