import { SseOverflow, type SseEvent, type SseParser, type SseParserOptions } from '../sse/index.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { crc32 } from './crc32.ts';
import { readFrameHeaders } from './frame-headers.ts';

/** Total length, length of the headers, and the checksum of both. */
const PRELUDE = 12;
const CHECKSUM = 4;
const DEFAULT_MAX_EVENT_BYTES = 8 * 1024 * 1024;

/** How the name of an event begins that is a failure. */
export const EXCEPTION = 'exception:';

/**
 * Splits `application/vnd.amazon.eventstream` into events: `event` is the `:event-type`, or `exception:` and its type;
 * `data` the payload. Frames may be cut anywhere and are checked by both checksums; what cannot be trusted becomes
 * one exception, and nothing after it is read.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function createEventStreamParser(options: SseParserOptions = {}): SseParser {
  const limit = options.maxEventBytes ?? DEFAULT_MAX_EVENT_BYTES;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  /** Bytes without which nothing more can be read. */
  let needed = PRELUDE;
  let broken = false;

  function corrupt(events: SseEvent[], what: string): SseEvent[] {
    broken = true;
    held = [];
    heldBytes = 0;
    const data = JSON.stringify({ message: `the provider's event stream is damaged: ${what}` });
    events.push({ event: `${EXCEPTION}eventStreamDamaged`, data });
    return events;
  }

  function joined(chunk: Uint8Array): Uint8Array {
    if (heldBytes === 0) return chunk;
    const whole = new Uint8Array(heldBytes + chunk.length);
    let at = 0;
    for (const piece of held) {
      whole.set(piece, at);
      at += piece.length;
    }
    whole.set(chunk, at);
    return whole;
  }

  function push(chunk: Uint8Array): SseEvent[] {
    if (broken) return [];
    const events: SseEvent[] = [];
    if (heldBytes + chunk.length < needed) {
      // A copy: the caller may reuse its buffer.
      held.push(new Uint8Array(chunk));
      heldBytes += chunk.length;
      return events;
    }
    const bytes = joined(chunk);
    let at = 0;
    for (;;) {
      needed = PRELUDE;
      if (bytes.length - at < PRELUDE) break;
      const total = uint32(bytes, at);
      if (crc32(bytes, at, at + 8) !== uint32(bytes, at + 8))
        return corrupt(events, 'a wrong prelude checksum');
      if (total > limit) {
        broken = true;
        held = [];
        throw new SseOverflow(limit);
      }
      const headersEnd = at + PRELUDE + uint32(bytes, at + 4);
      const end = at + total;
      if (headersEnd > end - CHECKSUM) return corrupt(events, 'headers longer than their frame');
      if (bytes.length < end) {
        needed = total;
        break;
      }
      if (crc32(bytes, at, end - CHECKSUM) !== uint32(bytes, end - CHECKSUM)) {
        return corrupt(events, 'a wrong frame checksum');
      }
      const headers = readFrameHeaders(bytes, at + PRELUDE, headersEnd);
      if (!headers) return corrupt(events, 'unreadable headers');
      events.push(eventOf(headers, decodeUtf8(bytes.subarray(headersEnd, end - CHECKSUM))));
      at = end;
    }
    const rest = bytes.length - at;
    held = rest === 0 ? [] : [new Uint8Array(bytes.subarray(at))];
    heldBytes = rest;
    return events;
  }

  // A frame that was cut says nothing; the decoder knows that no end has come.
  return { push, end: () => [] };
}

function uint32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

function eventOf(headers: ReadonlyMap<string, string>, data: string): SseEvent {
  const type = headers.get(':message-type');
  if (type === 'exception') return { event: EXCEPTION + (headers.get(':exception-type') ?? ''), data };
  if (type === 'error') {
    const message = headers.get(':error-message') ?? 'the provider broke the stream off';
    return {
      event: EXCEPTION + (headers.get(':error-code') ?? ''),
      data: JSON.stringify({ message }),
    };
  }
  return { event: headers.get(':event-type') ?? '', data };
}
