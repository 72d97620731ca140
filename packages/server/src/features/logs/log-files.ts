import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { linesBack } from '../../platform/lines/index.ts';
import { groupLogs, type LogFile } from './core/log-name.ts';
import type { Position } from './core/position.ts';

/** The files of each log in a folder, oldest first. */
export const listLogs = async (folder: string): Promise<Map<string, LogFile[]>> =>
  groupLogs(await readdir(folder).catch(() => []));

/** Size in bytes; 0 where it is gone. */
export const sizeOf = async (folder: string, name: string): Promise<number> =>
  (await stat(join(folder, name)).catch(() => null))?.size ?? 0;

/** Behind the last whole line of every log. */
export async function endsOf(folder: string): Promise<Position> {
  const ends: [string, { file: string; at: number }][] = [];
  for (const [log, files] of await listLogs(folder)) {
    const file = files.at(-1);
    if (!file) continue;
    const lines = linesBack(join(folder, file.name), null);
    const last = await lines.next();
    await lines.return(undefined);
    ends.push([log, { file: file.name, at: last.done ? 0 : last.value.end }]);
  }
  return Object.fromEntries(ends);
}
