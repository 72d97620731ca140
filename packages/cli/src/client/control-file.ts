import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running control leaves for the command line, mode 0600. */
export interface ControlFile {
  url: string;
  token: string;
  pid: number;
}

export const controlFilePath = (home: string): string => join(home, 'run', 'control.json');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The running control of this home, or null when there is none. A file left by a dead one counts as none. */
export function readControlFile(home: string): ControlFile | null {
  try {
    const { url, token, pid } = JSON.parse(readFileSync(controlFilePath(home), 'utf8')) as Record<
      string,
      unknown
    >;
    if (typeof url !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return null;
    return isAlive(pid) ? { url, token, pid } : null;
  } catch {
    return null;
  }
}
