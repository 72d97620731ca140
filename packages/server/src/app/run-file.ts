import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from '../platform/files/write-atomic.ts';
import { identify } from '../platform/process/index.ts';

/** What a running control leaves for the command line: how to reach it and a token. Only the owner may read it. */
const ControlRunFile = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.number(),
  /** Together with the pid it names one process for ever; opaque. */
  start_time: z.string(),
});
export type ControlRunFile = z.output<typeof ControlRunFile>;

const pathIn = (home: string) => join(home, 'run', 'control.json');

const startTimeOf = (pid: number): string => identify(pid)?.startTime ?? '';

/** What stands there, and whether the process that wrote it still runs. */
export async function readControlRunFile(
  home: string,
): Promise<(ControlRunFile & { running: boolean }) | null> {
  try {
    const file = ControlRunFile.parse(JSON.parse(await readFile(pathIn(home), 'utf8')));
    const now = startTimeOf(file.pid);
    return { ...file, running: file.pid !== process.pid && now !== '' && now === file.start_time };
  } catch {
    return null;
  }
}

export async function writeControlRunFile(home: string, url: string, token: string): Promise<void> {
  await mkdir(join(home, 'run'), { recursive: true, mode: 0o700 });
  const file: ControlRunFile = { url, token, pid: process.pid, start_time: startTimeOf(process.pid) };
  await writeAtomic(pathIn(home), `${JSON.stringify(file)}\n`, 0o600);
}

/** Takes our own file away; a successor's stays. */
export async function removeControlRunFile(home: string): Promise<void> {
  const file = await readControlRunFile(home);
  if (file?.pid === process.pid) await rm(pathIn(home), { force: true });
}
