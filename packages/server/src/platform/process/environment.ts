import { readFileSync } from 'node:fs';

/**
 * The environment a process was STARTED with: children inherit it, also those that moved to another session,
 * so a mark in it proves whose they are. Only readable for one's own processes; null when it cannot be read.
 */
export function readEnvironment(pid: number): Map<string, string> | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return null;
  }
  const found = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0) found.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return found;
}
