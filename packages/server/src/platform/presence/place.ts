import { readFileSync, readlinkSync } from 'node:fs';

/** Names the set of processes a pid belongs to: this boot's, in this container. Null where the system cannot say. */
export function processPlace(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}
