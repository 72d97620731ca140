import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of a log file, with the place right behind it. */
export interface LogLine {
  file: string;
  /** Byte offset behind the line. */
  end: number;
  text: string;
}

const blockBytes = 262_144;
const namePattern = /^([a-z-]+)-\d{4}-\d{2}-\d{2}\.log$/;

/** Whole lines of `file` from byte `from` to `to`; a line that is still being written is left for later. */
async function linesBetween(folder: string, file: string, from: number, to: number): Promise<LogLine[]> {
  const handle = await open(join(folder, file), 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, to - from));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const lines: LogLine[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0 && end < bytesRead; end = bytes.indexOf(10, start)) {
      lines.push({ file, end: from + end + 1, text: bytes.toString('utf8', start, end) });
      start = end + 1;
    }
    return lines;
  } finally {
    await handle.close();
  }
}

async function sizeOf(folder: string, file: string): Promise<number> {
  const handle = await open(join(folder, file), 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** The newest file of each log (control, gateway …). */
async function newestFiles(folder: string): Promise<string[]> {
  const newest = new Map<string, string>();
  for (const file of (await readdir(folder).catch(() => [])).toSorted((a, b) => a.localeCompare(b))) {
    const log = namePattern.exec(file)?.[1];
    if (log) newest.set(log, file);
  }
  return [...newest.values()];
}

/** The last `count` lines of every log's newest file. */
export async function lastLines(folder: string, count: number): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for (const file of await newestFiles(folder)) {
    const size = await sizeOf(folder, file);
    const from = Math.max(0, size - blockBytes);
    const lines = await linesBetween(folder, file, from, size);
    // The first line of a block that starts in the middle of the file is only the end of one.
    found.push(...(from > 0 ? lines.slice(1) : lines).slice(-count));
  }
  return found;
}

/** Where each log stands: file name to byte offset. */
export type Cursor = Record<string, number>;

/** What was written after the cursor; files that are new since then are read from their start. */
export async function linesAfter(folder: string, cursor: Cursor): Promise<LogLine[]> {
  const found: LogLine[] = [];
  // Yesterday's file may have got its last lines after the last look; names are checked, they come from outside.
  const known = Object.keys(cursor).filter((file) => namePattern.test(file));
  for (const file of new Set([...known, ...(await newestFiles(folder))])) {
    const size = await sizeOf(folder, file).catch(() => 0);
    if (size === 0) continue;
    const from = cursor[file] ?? 0;
    // A file that shrank was replaced: it is read again.
    const start = from > size ? 0 : from;
    found.push(...(await linesBetween(folder, file, start, Math.min(size, start + blockBytes))));
  }
  return found;
}

/** The cursor behind these lines. */
export function advance(cursor: Cursor, lines: readonly LogLine[]): Cursor {
  const next = { ...cursor };
  for (const line of lines) next[line.file] = Math.max(next[line.file] ?? 0, line.end);
  return next;
}
