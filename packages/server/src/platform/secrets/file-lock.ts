import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fault, raise } from '../../kernel/fault.ts';

/** A holder that died leaves its lock behind; no holder needs longer than this. */
const staleMs = 30_000;

/** Runs `work` while no other process does under the same lock file. Waits up to five seconds for it. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = `${process.pid} ${randomBytes(8).toString('hex')}`;
  const deadline = performance.now() + 5000;
  for (;;) {
    try {
      await writeFile(path, mine, { flag: 'wx', mode: 0o600 });
      break;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    }
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > staleMs) await rm(path, { force: true });
    else if (performance.now() > deadline) {
      raise(fault('conflict', 'file_locked', `Another process is writing here; if none is, delete ${path}.`));
    } else await delay(20);
  }
  try {
    return await work();
  } finally {
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (holder === mine) await rm(path, { force: true });
  }
}
