import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const historySize = 500;

const pathIn = (home: string) => join(home, 'console-history');

/** Newest first, as readline wants it. */
export function loadHistory(home: string): string[] {
  try {
    const lines = readFileSync(pathIn(home), 'utf8').split('\n');
    return lines
      .filter((line) => line !== '')
      .slice(-historySize)
      .toReversed();
  } catch {
    return [];
  }
}

/** Keeps it for the next console; only the owner may read it. A full disk costs the history, nothing else. */
export function saveHistory(home: string, newestFirst: readonly string[]): void {
  try {
    const text = newestFirst
      .slice(0, historySize)
      .toReversed()
      .map((line) => line.trim())
      .join('\n');
    writeFileSync(pathIn(home), `${text}\n`, { mode: 0o600 });
    chmodSync(pathIn(home), 0o600);
  } catch {
    // Nothing the person could do about it now.
  }
}
