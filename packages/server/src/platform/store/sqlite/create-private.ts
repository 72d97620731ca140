import { closeSync, openSync } from 'node:fs';

/**
 * Makes an empty file of mode 0600 unless one is there. SQLite gives its log files the mode of the database; so the
 * database has to be private from the first byte. Does not open a file that exists: closing it again would drop
 * this process's locks on it.
 */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'EEXIST') throw thrown;
  }
}
