import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogEntry } from '@vigiles/contract';
import { linesOn } from '../../platform/lines/index.ts';
import { byAge, readLogName, type LogFile } from './core/log-name.ts';
import type { Position } from './core/position.ts';
import { readEntry } from './core/read-entry.ts';
import { listLogs, sizeOf } from './log-files.ts';

/** A line with where its log stands behind it. */
interface Step {
  entry: LogEntry;
  file: string;
  at: number;
}

/** What a log has got since: at most one block, and whether there may be more at once. */
async function readOn(
  folder: string,
  files: readonly LogFile[],
  from: { file: string; at: number },
): Promise<{ steps: Step[]; at: { file: string; at: number }; more: boolean }> {
  const here = files.find(({ name }) => name === from.file);
  // Its file may be deleted by now: it goes on with the one that came after.
  const gone = readLogName(from.file);
  const file = here ?? files.find((each) => gone !== null && byAge(each, gone) > 0);
  if (!file) return { steps: [], at: from, more: false };
  const size = await sizeOf(folder, file.name);
  const begin = here && from.at <= size ? from.at : 0;
  if (begin < size) {
    const handle = await open(join(folder, file.name), 'r').catch(() => null);
    if (handle) {
      try {
        const { lines, next } = await linesOn(handle, begin);
        let ts = Date.parse(`${file.day}T00:00:00Z`);
        const steps = lines.map(({ text, end }) => {
          const entry = readEntry(text, file.log, ts);
          ts = entry.ts;
          return { entry, file: file.name, at: end };
        });
        if (steps.length > 0) return { steps, at: { file: file.name, at: next }, more: next < size };
      } finally {
        await handle.close();
      }
    }
  }
  const newer = files.find((each) => byAge(each, file) > 0);
  return newer
    ? { steps: [], at: { file: newer.name, at: 0 }, more: true }
    : { steps: [], at: { file: file.name, at: begin }, more: false };
}

/** One list by time, in which the lines of each log stay in their order. */
function merge(lists: Step[][]): Step[] {
  const merged: Step[] = [];
  for (;;) {
    const [first] = lists
      .filter((list) => list.length > 0)
      .toSorted((a, b) => (a[0]?.entry.ts ?? 0) - (b[0]?.entry.ts ?? 0));
    const step = first?.shift();
    if (!step) return merged;
    merged.push(step);
  }
}

const moved = (position: Position, log: string, place: { file: string; at: number }): Position => ({
  ...position,
  [log]: place,
});

/**
 * What is written to the logs after `from`, in batches by time. Nothing is read while a batch is being used, so whoever
 * is slow holds no memory. Ends when `signal` is aborted.
 */
export async function* followLogs(
  folder: string,
  from: Position,
  { pollMs, signal }: { pollMs: number; signal: AbortSignal },
): AsyncGenerator<{ entry: LogEntry; position: Position }[]> {
  let position: Position = from;
  while (!signal.aborted) {
    let more = false;
    const lists: Step[][] = [];
    const reached: Record<string, { file: string; at: number }> = {};
    for (const [log, files] of await listLogs(folder)) {
      const first = files[0];
      if (!first) continue;
      const read = await readOn(folder, files, position[log] ?? { file: first.name, at: 0 });
      lists.push(read.steps);
      reached[log] = read.at;
      more ||= read.more;
    }
    const batch: { entry: LogEntry; position: Position }[] = [];
    for (const { entry, file, at } of merge(lists)) {
      position = moved(position, entry.log, { file, at });
      batch.push({ entry, position });
    }
    position = { ...position, ...reached };
    if (batch.length > 0) yield batch;
    if (!more) await delay(pollMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
