import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const dayMs = 86_400_000;

/** The UTC day a moment belongs to, `YYYY-MM-DD`. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** `<folder>/<name>-YYYY-MM-DD.log` */
export const dailyPath = (folder: string, name: string, now: number): string =>
  join(folder, `${name}-${dayOf(now)}.log`);

/**
 * Deletes this log's files whose day is more than `keepDays` back. Other files are not touched.
 * @returns the names deleted
 */
export async function pruneDaily(
  folder: string,
  name: string,
  keepDays: number,
  now: number,
): Promise<string[]> {
  const oldest = dayOf(now - (keepDays - 1) * dayMs);
  const deleted: string[] = [];
  for (const entry of await readdir(folder).catch(() => [])) {
    if (!entry.startsWith(`${name}-`)) continue;
    const day = /^(\d{4}-\d{2}-\d{2})\.log$/.exec(entry.slice(name.length + 1))?.[1];
    if (!day || day >= oldest) continue;
    await unlink(join(folder, entry)).then(
      () => deleted.push(entry),
      () => undefined,
    );
  }
  return deleted.sort();
}
