import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';

/** What `connect codex` did, so that `disconnect codex` can undo exactly that. Holds no token. */
export interface ConnectionRecord {
  config_path: string;
  device_id: string;
  /** SHA-256 of what we wrote: unchanged means the backup can come back as it is. */
  written_sha256: string;
  /** Whether there was a file before, and its mode. */
  existed: boolean;
  mode: number;
  /** The model we had to choose, because the user had none. */
  model_set: string | null;
}

const pathIn = (home: string) => join(home, 'connections', 'codex.json');

export function readRecord(home: string): ConnectionRecord | null {
  try {
    return JSON.parse(readFileSync(pathIn(home), 'utf8')) as ConnectionRecord;
  } catch {
    return null;
  }
}

export const writeRecord = (home: string, record: ConnectionRecord): void =>
  replaceFile(pathIn(home), `${JSON.stringify(record, null, 2)}\n`, 0o600);

export const removeRecord = (home: string): void => rmSync(pathIn(home), { force: true });
