const USAGE = /"usage"\s*:\s*\{/;
const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;

/** Whether a Chat event is the extra one that carries usage and nothing else. */
export const isUsageChunk = (data: string): boolean => USAGE.test(data) && NO_CHOICES.test(data);

/** Takes usage chunks out of bytes that hold whole events; every other byte stays. */
export function withoutUsageChunks(bytes: Buffer): Buffer {
  // Latin-1 there and back keeps every byte.
  const text = bytes.toString('latin1');
  // A blank line ends an event: two line ends in a row, each CR, LF or CRLF.
  const events = text.split(/(?<=\r\n\r\n|\n\n|\r\r(?!\n)|\n\r\n)/);
  return Buffer.from(events.filter((event) => !isUsageChunk(event)).join(''), 'latin1');
}
