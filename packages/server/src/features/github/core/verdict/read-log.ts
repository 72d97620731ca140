import { cleanLine, type LogLine } from './clean-line.ts';

/** Of a longer log the beginning and the end are read; what lies between is counted only. In UTF-16 units. */
const headLength = 2_000_000;
const tailLength = 6_000_000;
/** Lines are objects; a log of empty lines is no reason to make millions. */
const mostLines = 200_000;

export interface ReadLog {
  lines: LogLine[];
  /** Lines that were too many to read. */
  unread: number;
}

/** Splits a log into clean lines, in time linear in its length and memory bounded whatever its length. */
export function readLog(log: string): ReadLog {
  if (log.length <= headLength + tailLength) return bounded(linesOf(log, 1));
  const headEnd = log.lastIndexOf('\n', headLength) + 1 || headLength;
  const tailStart = log.indexOf('\n', log.length - tailLength) + 1 || log.length - tailLength;
  const skipped = countLines(log, headEnd, tailStart);
  const head = linesOf(log.slice(0, headEnd), 1);
  const tail = linesOf(log.slice(tailStart), head.length + skipped + 1);
  const { lines, unread } = bounded([...head, ...tail]);
  return { lines, unread: unread + skipped };
}

function linesOf(text: string, first: number): LogLine[] {
  const lines: LogLine[] = [];
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    lines.push(cleanLine(text.slice(start, stop), first + lines.length));
    start = stop + 1;
  }
  return lines;
}

function bounded(lines: LogLine[]): ReadLog {
  if (lines.length <= mostLines) return { lines, unread: 0 };
  const quarter = mostLines / 4;
  return {
    lines: [...lines.slice(0, quarter), ...lines.slice(-3 * quarter)],
    unread: lines.length - mostLines,
  };
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
