const LF = 10;
const CR = 13;

/** Where the last event begins in bytes that end with one, as long as lines end with LF alone. */
export function lastEventStart(bytes: Uint8Array): number {
  for (let at = bytes.length - 3; at > 0; at -= 1)
    if (bytes[at] === LF && bytes[at - 1] === LF) return at + 1;
  return 0;
}

/**
 * Where the last complete server-sent event in `bytes` ends: the position after its blank line, or 0.
 * Bytes are passed on in whole events, so that a heartbeat or an error never lands inside one.
 */
export function lastEventEnd(bytes: Uint8Array): number {
  const length = bytes.length;
  // Nearly every chunk ends with its event.
  if (length >= 2 && bytes[length - 1] === LF && bytes[length - 2] === LF) return length;
  for (let at = length - 1; at > 0; at -= 1) {
    const byte = bytes[at];
    if (byte === LF) {
      const before = bytes[at - 1];
      if (before === LF) return at + 1;
      if (before === CR && (bytes[at - 2] === LF || bytes[at - 2] === CR)) return at + 1;
    } else if (byte === CR && (bytes[at - 1] === CR || bytes[at - 1] === LF)) {
      // A CR that ends the bytes may be half of a CRLF: wait for the rest.
      if (at < length - 1) return bytes[at + 1] === LF ? at + 2 : at + 1;
      if (bytes[at - 1] === CR) return at + 1;
    }
  }
  return 0;
}
