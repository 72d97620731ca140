import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../../../../platform/files/write-atomic.ts';
import type { SavedPosition } from '../follow/follower-types.ts';

const Position = z.object({
  role: z.enum(['live', 'older', 'known', 'absent']),
  path: z.string(),
  inode: z.string(),
  offset: z.number(),
  head: z.string(),
  tail: z.string(),
  skipping: z.boolean(),
});
const PositionFile = z.record(z.string(), z.array(Position));

/** By log: how far its files were read. */
export type LogPositions = Record<string, readonly SavedPosition[]>;

/** What stands there; nothing when there is no file, or it cannot be believed: then logs are followed from their end. */
export async function readPositions(path: string): Promise<LogPositions> {
  try {
    return PositionFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

/** Written whole or not at all. Only the owner may read it: it holds the last bytes of logs. */
export async function writePositions(path: string, positions: LogPositions): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeAtomic(path, JSON.stringify(positions), 0o600);
}
