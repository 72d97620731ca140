import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** What the tests' files and a machine that works beside them need, bytes. */
const usualNeeds = { room: 2 * 1024 ** 3, memory: 6 * 1024 ** 3 };

const prefix = 'vigiles-';

/**
 * Lets everything that this process starts keep its temporary files in memory, until it exits. Tests make and remove tens of
 * thousands, PostgreSQL's databases most of them, and ext4 passes over each inode that was freed in the last seconds when it
 * looks for a new one.
 *
 * Leaves everything as it is where TMPDIR says otherwise, where memory is scarce, or where nothing may be run from there.
 * @param place a file system in memory
 * @returns the folder, or null
 */
export function scratchInMemory(place = '/dev/shm', needs = usualNeeds): string | null {
  if (process.env.TMPDIR !== undefined || process.platform !== 'linux' || freemem() < needs.memory)
    return null;
  let folder: string;
  try {
    const { bavail, bsize } = statfsSync(place);
    if (bavail * bsize < needs.room) return null;
    removeAbandoned(place);
    folder = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  } catch {
    return null;
  }
  const remove = () => {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody still writes there. An exit goes on all the same, and the next run takes it away.
    }
  };
  if (!mayRunProgramsIn(folder)) {
    remove();
    return null;
  }
  // Some of what is started runs as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

/** Containers may forbid it. */
function mayRunProgramsIn(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o700 });
  const { status } = spawnSync(program);
  rmSync(program);
  return status === 0;
}

/** Folders of runs that were killed. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') continue;
      rmSync(join(place, name), { recursive: true, force: true });
    }
  }
}
