import { readdirSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** The UTC day a moment belongs to, `YYYY-MM-DD`. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** `<folder>/<name>-YYYY-MM-DD.log`; a day's further parts are `….1.log`, `….2.log`. */
export const dailyPath = (folder: string, name: string, now: number, part = 0): string =>
  join(folder, `${name}-${dayOf(now)}${part === 0 ? '' : `.${part}`}.log`);

interface DailyFile {
  entry: string;
  day: string;
  part: number;
}

/** The day and part of a file of this log, or null. */
function readName(name: string, entry: string): DailyFile | null {
  if (!entry.startsWith(`${name}-`)) return null;
  const [, day, part = '0'] =
    /^(\d{4}-\d{2}-\d{2})(?:\.(\d{1,6}))?\.log$/.exec(entry.slice(name.length + 1)) ?? [];
  return day === undefined ? null : { entry, day, part: Number(part) };
}

/** The part of the day to go on with: the last one there is. */
export function lastPart(folder: string, name: string, now: number): number {
  const today = dayOf(now);
  let last = 0;
  for (const entry of readdirSync(folder)) {
    const file = readName(name, entry);
    if (file?.day === today) last = Math.max(last, file.part);
  }
  return last;
}

export interface Keep {
  days: number;
  /** All files of the log together. */
  totalBytes: number;
}

/**
 * Deletes this log's files whose day is too far back, then the oldest until the rest is small enough; the newest file
 * always stays. Other files are not touched.
 * @returns the names deleted
 */
export async function pruneDaily(folder: string, name: string, keep: Keep, now: number): Promise<string[]> {
  const oldest = dayOf(now - (keep.days - 1) * dayMs);
  const entries = await readdir(folder).catch(() => []);
  const newestFirst = entries
    .map((entry) => readName(name, entry))
    .filter((file) => file !== null)
    .toSorted((a, b) => (a.day === b.day ? b.part - a.part : a.day < b.day ? 1 : -1));
  const deleted: string[] = [];
  let total = 0;
  for (const [i, { entry, day }] of newestFirst.entries()) {
    total += (await stat(join(folder, entry)).catch(() => null))?.size ?? 0;
    if (day >= oldest && (i === 0 || total <= keep.totalBytes)) continue;
    await unlink(join(folder, entry)).then(
      () => deleted.push(entry),
      () => undefined,
    );
  }
  return deleted.sort();
}
