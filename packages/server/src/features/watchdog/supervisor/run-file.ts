import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Who runs a service: written at its start, so that the next control can adopt it. */
const RunRecord = z.object({
  service: z.string(),
  pid: z.int().positive(),
  start_time: z.string(),
  started_at: z.number(),
});
export type RunRecord = z.infer<typeof RunRecord>;

// A folder of their own: a service may keep a run file of its own beside ours, as the gateway does.
const folderOf = (home: string) => join(home, 'run', 'services');
const pathOf = (home: string, service: string) => join(folderOf(home), `${service}.json`);

/** Synchronous on purpose: between the start and this record a crash would leave an unknown process. */
export function writeRunFile(home: string, record: RunRecord): void {
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  const path = pathOf(home, record.service);
  writeFileSync(`${path}.tmp`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** Null when there is none, or it cannot be believed. */
export function readRunFile(home: string, service: string): RunRecord | null {
  try {
    const parsed = RunRecord.safeParse(JSON.parse(readFileSync(pathOf(home, service), 'utf8')));
    return parsed.success && parsed.data.service === service ? parsed.data : null;
  } catch {
    return null;
  }
}

export const removeRunFile = (home: string, service: string): void =>
  rmSync(pathOf(home, service), { force: true });
