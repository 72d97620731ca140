import { decodeUtf8 } from '../text/utf8.ts';

const STRING = 7;
const BYTES = 6;

/** Bytes of a header value by its type: booleans, byte, short, integer, long, (two with a length), timestamp, UUID. */
const SIZES = [0, 0, 1, 2, 4, 8, 0, 0, 8, 16];

/**
 * The text headers of one frame, `:message-type` and the like; values of other types are passed over.
 * @returns undefined where the block is not what the format allows
 */
export function readFrameHeaders(
  bytes: Uint8Array,
  start: number,
  end: number,
): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  let at = start;
  while (at < end) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd] ?? 0;
    let size = SIZES[type];
    let value = nameEnd + 1;
    if (size === undefined) return undefined;
    if (type === STRING || type === BYTES) {
      size = ((bytes[value] ?? 0) << 8) | (bytes[value + 1] ?? 0);
      value += 2;
    }
    if (value + size > end) return undefined;
    if (type === STRING) {
      const name = decodeUtf8(bytes.subarray(at + 1, nameEnd));
      headers.set(name, decodeUtf8(bytes.subarray(value, value + size)));
    }
    at = value + size;
  }
  return headers;
}
