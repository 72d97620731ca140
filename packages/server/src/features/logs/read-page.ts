import { join } from 'node:path';
import type { LogEntry } from '@vigiles/contract';
import { linesBack } from '../../platform/lines/index.ts';
import { byAge, readLogName, type LogFile } from './core/log-name.ts';
import { wanted, type LogFilter } from './core/log-filter.ts';
import type { Position } from './core/position.ts';
import { readEntry } from './core/read-entry.ts';
import { endsOf, listLogs } from './log-files.ts';

/** One log, read backwards through its files. */
interface Source {
  log: string;
  /** What was read and not given out yet. */
  ahead: { entry: LogEntry; file: string; start: number } | null;
  lines: AsyncGenerator<{ entry: LogEntry; file: string; start: number }>;
}

export interface PageWish {
  filter: LogFilter;
  limit: number;
  /** Where the page before ended; null: the newest. */
  from: Position | null;
  /** Most bytes of lines that are looked at for one page. */
  maxBytes: number;
  signal?: AbortSignal;
}

const dayOf = (ts: number): string => new Date(ts).toISOString().slice(0, 10);

async function* entriesBack(
  folder: string,
  files: readonly LogFile[],
  from: { file: string; at: number },
  filter: LogFilter,
  spend: (bytes: number) => void,
): AsyncGenerator<{ entry: LogEntry; file: string; start: number }> {
  const first = readLogName(from.file);
  let ts = Date.parse(`${first?.day ?? '1970-01-01'}T23:59:59.999Z`);
  for (const file of files.toReversed()) {
    if (first && byAge(file, first) > 0) continue;
    // The name says the day: what is not asked for is not opened.
    if (filter.since !== null && file.day < dayOf(filter.since)) return;
    if (filter.until !== null && file.day > dayOf(filter.until)) continue;
    const before = file.name === from.file ? from.at : null;
    for await (const { start, end, text } of linesBack(join(folder, file.name), before)) {
      spend(end - start);
      const entry = readEntry(text, file.log, ts);
      ts = entry.ts;
      if (filter.since !== null && ts < filter.since) return;
      yield { entry, file: file.name, start };
    }
  }
}

/**
 * A page of all logs together, newest first. Files are read backwards in blocks, and only as far as the page needs.
 * @returns the entries, and where the next page begins; null when there is nothing older
 */
export async function readPage(
  folder: string,
  { filter, limit, from, maxBytes, signal }: PageWish,
): Promise<{ entries: LogEntry[]; next: Position | null }> {
  const logs = await listLogs(folder);
  const begin = from ?? (await endsOf(folder));
  let left = maxBytes;
  const position: Record<string, { file: string; at: number }> = { ...begin };
  let sources: Source[] = [];
  try {
    for (const [log, at] of Object.entries(begin)) {
      const files = logs.get(log);
      if (!files || (filter.logs !== null && !filter.logs.includes(log))) continue;
      const lines = entriesBack(folder, files, at, filter, (bytes) => (left -= bytes));
      sources.push({ log, ahead: null, lines });
    }
    const fill = async (source: Source): Promise<boolean> => {
      if (source.ahead) return true;
      const read = await source.lines.next();
      if (read.done) return false;
      source.ahead = read.value;
      return true;
    };
    const entries: LogEntry[] = [];
    let looked = 0;
    for (;;) {
      const ready: Source[] = [];
      for (const source of sources) if (await fill(source)) ready.push(source);
      sources = ready;
      const [newest] = sources.toSorted((a, b) => (b.ahead?.entry.ts ?? 0) - (a.ahead?.entry.ts ?? 0));
      if (!newest?.ahead) return { entries, next: null };
      // What does not fit any more is where the next page begins.
      // At least one line is taken: a page that takes none would be asked for again and again.
      if (entries.length >= limit || (left <= 0 && looked > 0) || signal?.aborted)
        return { entries, next: position };
      looked += 1;
      const { entry, file, start } = newest.ahead;
      newest.ahead = null;
      position[newest.log] = { file, at: start };
      if (wanted(entry, filter)) entries.push(entry);
    }
  } finally {
    for (const { lines } of sources) await lines.return(undefined);
  }
}
