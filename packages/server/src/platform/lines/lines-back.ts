import { open } from 'node:fs/promises';
import { blockBytes, lineText, longestLineBytes, type FileLine } from './file-line.ts';

const isGone = (thrown: unknown): boolean => (thrown as { code?: string }).code === 'ENOENT';

/**
 * The whole lines of a file, the last first, read in blocks from its end, never all of it. A last line that is still
 * being written is left out. Nothing where there is no such file.
 * @param before only lines that end at or before this byte; null: all of the file
 */
export async function* linesBack(path: string, before: number | null): AsyncGenerator<FileLine> {
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    if (isGone(thrown)) return null;
    throw thrown;
  });
  if (handle === null) return;
  try {
    const { size } = await handle.stat();
    let at = Math.min(before ?? size, size);
    /** What is known of the line whose beginning was not reached yet. */
    let rest: Buffer = Buffer.alloc(0);
    let cut = false;
    /** Offset behind the line that is being put together; null until the first line break was seen. */
    let end: number | null = null;
    const block = Buffer.allocUnsafe(blockBytes);
    while (at > 0) {
      const from = Math.max(0, at - blockBytes);
      const { bytesRead } = await handle.read(block, 0, at - from, from);
      let until = bytesRead;
      for (let brk = block.lastIndexOf(10, until - 1); brk >= 0 && until > 0;) {
        if (end !== null) {
          const text = lineText(Buffer.concat([block.subarray(brk + 1, until), rest]), cut);
          yield { start: from + brk + 1, end, text };
        }
        [end, rest, cut, until] = [from + brk + 1, Buffer.alloc(0), false, brk];
        if (brk === 0) break;
        brk = block.lastIndexOf(10, brk - 1);
      }
      if (end !== null) {
        // Its end is far off already: only the beginning is shown.
        cut ||= rest.length + until > longestLineBytes;
        rest = cut ? Buffer.from(block.subarray(0, until)) : Buffer.concat([block.subarray(0, until), rest]);
      }
      at = from;
    }
    if (end !== null && end > 0) yield { start: 0, end, text: lineText(rest, cut) };
  } finally {
    await handle.close();
  }
}
