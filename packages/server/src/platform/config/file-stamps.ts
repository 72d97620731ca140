import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How the files of a configuration stand: a file that is written or replaced has another stamp, one that is not there `gone`. */
export interface FileStamps {
  config: string;
  secrets: string;
}

/** @param path of `vigiles.yaml`; the secrets lie beside it */
export const stampsOf = (path: string): FileStamps => ({
  config: stampOf(path),
  secrets: stampOf(join(dirname(path), 'secrets.enc')),
});

/** Whether it is there, but without anything in it, or not there. */
export const isEmptied = (stamp: string): boolean => stamp === 'gone' || stamp.split(':')[1] === '0';

function stampOf(path: string): string {
  try {
    const found = statSync(path);
    return `${found.ino}:${found.size}:${found.mtimeMs}`;
  } catch {
    return 'gone';
  }
}
