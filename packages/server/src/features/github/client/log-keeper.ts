/** What is kept of a long log: its beginning, and its end, where failures stand. Bytes. */
const headBytes = 262_144;
const tailBytes = 1_572_864;

/**
 * Keeps the ends of a log that comes in pieces. In place of what is left out stand as many empty lines, so that line numbers are
 * those of the whole log.
 */
export function createLogKeeper(maxBytes: number) {
  const head: Buffer[] = [];
  let headLeft = headBytes;
  let tail: Buffer[] = [];
  let tailSize = 0;
  let droppedLines = 0;
  let total = 0;
  return {
    /** @returns false: that was the most that is read */
    take(chunk: Buffer): boolean {
      total += chunk.length;
      let rest = chunk;
      if (headLeft > 0) {
        head.push(rest.subarray(0, headLeft));
        const taken = Math.min(headLeft, rest.length);
        headLeft -= taken;
        rest = rest.subarray(taken);
      }
      if (rest.length > 0) {
        tail.push(rest);
        tailSize += rest.length;
      }
      while (tailSize > tailBytes) {
        const [first] = tail;
        if (!first || tailSize - first.length < tailBytes) break;
        tail = tail.slice(1);
        tailSize -= first.length;
        for (const byte of first) if (byte === 10) droppedLines += 1;
      }
      return total < maxBytes;
    },
    text(): string {
      const start = Buffer.concat(head).toString('utf8');
      const end = Buffer.concat(tail).toString('utf8');
      return droppedLines === 0 ? start + end : `${start}${'\n'.repeat(droppedLines)}${end}`;
    },
  };
}
