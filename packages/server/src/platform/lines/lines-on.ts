import type { FileHandle } from 'node:fs/promises';
import { blockBytes, lineText, longestLineBytes, type FileLine } from './file-line.ts';

/**
 * The next whole lines of an open file, at most one block of them. A line that is longer than is kept comes in pieces.
 * @returns the lines, and where to go on: where it was when nothing whole is there yet
 */
export async function linesOn(
  handle: Pick<FileHandle, 'read'>,
  from: number,
): Promise<{ lines: FileLine[]; next: number }> {
  const bytes = Buffer.allocUnsafe(longestLineBytes + blockBytes);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  const lines: FileLine[] = [];
  let start = 0;
  for (let brk = bytes.indexOf(10); brk >= 0 && brk < bytesRead; brk = bytes.indexOf(10, start)) {
    lines.push({
      start: from + start,
      end: from + brk + 1,
      text: lineText(bytes.subarray(start, brk), false),
    });
    start = brk + 1;
  }
  if (lines.length === 0 && bytesRead > longestLineBytes) {
    lines.push({ start: from, end: from + bytesRead, text: lineText(bytes.subarray(0, bytesRead), true) });
    start = bytesRead;
  }
  return { lines, next: from + start };
}
