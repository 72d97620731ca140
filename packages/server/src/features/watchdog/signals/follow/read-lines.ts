import { advance, hasContent, type Generation } from './generation.ts';
import { longestLineBytes, type LineBlock } from './line-block.ts';

const chunkBytes = 256 * 1024;
const longestTail = 64;
const mostBuffers = 4;

/** Buffers for reading, shared by all followers: so many files are read at one moment, others wait. */
const free: Buffer[] = [];
const waiting: ((buffer: Buffer) => void)[] = [];
let made = 0;

async function takeBuffer(): Promise<Buffer> {
  const buffer = free.pop();
  if (buffer) return buffer;
  if (made < mostBuffers) {
    made += 1;
    return Buffer.allocUnsafeSlow(chunkBytes + longestTail);
  }
  return new Promise((resolve) => waiting.push(resolve));
}

function giveBack(buffer: Buffer): void {
  const next = waiting.shift();
  if (next) next(buffer);
  else free.push(buffer);
}

export type HandOn = (block: Omit<LineBlock, 'path'>) => Promise<void>;

/**
 * Hands on the whole lines of one file that were not handed on yet.
 * @returns `rewritten` when its content is not the one that was read: it was emptied, maybe filled again
 */
export async function readLines(
  file: Generation,
  handOn: HandOn,
  now: () => number,
): Promise<'end' | 'rewritten'> {
  const stats = await file.handle.stat({ bigint: true });
  const size = Number(stats.size);
  if (size < file.offset) return 'rewritten';
  if (stats.mtimeNs === file.changedNs && size === file.offset) return 'end';
  if (!(await hasContent(file.handle, file))) return 'rewritten';
  const buffer = await takeBuffer();
  try {
    for (;;) {
      const kept = file.tail.length;
      const { bytesRead } = await file.handle.read(buffer, 0, chunkBytes + kept, file.offset - kept);
      // The bytes before are read again with each chunk: a file that is emptied while it is read shows itself.
      if (bytesRead < kept || !buffer.subarray(0, kept).equals(file.tail)) return 'rewritten';
      const data = buffer.subarray(kept, bytesRead);
      if (data.length > 0) file.grewAt = now();
      const took = await takeLines(file, data, handOn);
      if (took === 0 || bytesRead < chunkBytes + kept) break;
    }
    file.changedNs = stats.mtimeNs;
    return 'end';
  } finally {
    giveBack(buffer);
  }
}

/** Hands on what is whole in `data`, which begins at the file's offset. Returns how many bytes are done. */
async function takeLines(file: Generation, data: Buffer, handOn: HandOn): Promise<number> {
  let at = 0;
  const pass = (until: number): void => {
    advance(file, data.subarray(at, until));
    at = until;
  };
  if (file.skipping) {
    const end = data.indexOf(10);
    pass(end < 0 ? data.length : end + 1);
    file.skipping = end < 0;
  } else if (data[0] === 0) {
    // A writer without O_APPEND goes on where it was in a file that was emptied: a hole of zeros comes before its line.
    let zeros = 1;
    while (data[zeros] === 0) zeros += 1;
    pass(zeros);
  }
  const last = data.lastIndexOf(10);
  for (;;) {
    if (at > last) break;
    const end = endOfShortLines(data, at, last);
    if (end > at) {
      await handOn({ bytes: data.subarray(at, end), offset: file.offset, cut: false, unfinished: false });
      pass(end);
      continue;
    }
    const bytes = data.subarray(at, at + longestLineBytes);
    await handOn({ bytes, offset: file.offset, cut: true, unfinished: false });
    pass(data.indexOf(10, at) + 1);
  }
  if (data.length - at >= longestLineBytes) {
    const bytes = data.subarray(at, at + longestLineBytes);
    await handOn({ bytes, offset: file.offset, cut: true, unfinished: false });
    pass(data.length);
    file.skipping = true;
  }
  return at;
}

/** The end of the lines from `at` on, up to `last` (a line break), that are short enough. `at` when the first is not. */
function endOfShortLines(data: Buffer, at: number, last: number): number {
  let end = at;
  while (end <= last) {
    const next = last - end < longestLineBytes ? last : data.lastIndexOf(10, end + longestLineBytes);
    if (next < end) return end;
    end = next + 1;
  }
  return end;
}

/** Hands on the last line of a file that nobody writes to any more, although it has no end. */
export async function readUnfinished(file: Generation, handOn: HandOn): Promise<void> {
  const buffer = Buffer.alloc(longestLineBytes);
  const { bytesRead } = await file.handle.read(buffer, 0, longestLineBytes, file.offset);
  if (bytesRead === 0 || file.skipping) return;
  const bytes = buffer.subarray(0, bytesRead);
  await handOn({ bytes, offset: file.offset, cut: false, unfinished: true });
  advance(file, bytes);
}
