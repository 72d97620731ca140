import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Stamp } from './core/guards.ts';

let boot: string | null | undefined;

function bootId(): string | null {
  if (boot !== undefined) return boot;
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    boot = null;
  }
  return boot;
}

/** This moment on the machine's own clock, which nobody sets. @param wall UTC milliseconds */
export const stampNow = (wall: number): Stamp => ({ wall, boot: bootId(), uptime: uptime() * 1000 });
