import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** In a contest for a core, one that steps back by five gets a quarter of it (sched(7)). */
const steps = 5;

/**
 * Lets the thread that calls it step back behind those that somebody waits for. Where a core is free it runs as before. Only
 * Linux has priorities of single threads; elsewhere, and where the system forbids it, nothing changes.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(getPriority(thread) + steps, constants.priority.PRIORITY_LOW));
  } catch {
    // It runs as before.
  }
}
