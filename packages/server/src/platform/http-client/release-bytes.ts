/** What is smaller costs more to give back than to leave. */
const leastBytes = 16 * 1024;

/**
 * Gives the memory of a body back at once; the buffer is empty from then on. Left to the collector, which sees a small object and
 * not its memory, prompts of 1 MB hold a hundred MB and more that nobody needs (`npm run bench -- --only "RSS over"`).
 *
 * Only for who alone has the bytes, and never while a socket may still write them. Small ones, and parts of a larger
 * buffer, are left to the collector.
 */
export function releaseBytes(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length < leastBytes || buffer.byteLength !== bytes.length) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
