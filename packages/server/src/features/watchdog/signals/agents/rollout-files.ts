import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openFile } from '../../../../platform/files/open-file.ts';
import { takeRolloutLine, type Rollout } from './rollout.ts';

const tailBytes = 1 << 20;

/** Session files under a CODEX_HOME that changed after `since` (UTC ms): sessions/<year>/<month>/<day>/rollout-*.jsonl. */
export async function changedRollouts(home: string, since: number, now: number): Promise<string[]> {
  const found: string[] = [];
  // A session lies in the folder of the day it began; those that are held open are known from their process.
  for (const day of [now, now - 86_400_000]) {
    for (const folder of new Set([
      localDay(day),
      new Date(day).toISOString().slice(0, 10).replaceAll('-', '/'),
    ])) {
      const path = join(home, 'sessions', folder);
      for (const name of await readdir(path).catch((): string[] => [])) {
        if (!name.startsWith('rollout-') || !name.endsWith('.jsonl')) continue;
        const file = join(path, name);
        const changed = await stat(file).catch(() => null);
        if (changed && changed.mtimeMs >= since && !found.includes(file)) found.push(file);
      }
    }
  }
  return found;
}

function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())}`;
}

/** How a session that is there already stands: read from the end of its file, at most 1 MB. */
export async function standingOf(path: string): Promise<Rollout> {
  const rollout: Rollout = { turn: null, model: null };
  const handle = await openFile(path).catch(() => null);
  if (!handle) return rollout;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    if (length < size) lines.shift();
    for (const line of lines) takeRolloutLine(rollout, line);
    return rollout;
  } finally {
    await handle.close();
  }
}
