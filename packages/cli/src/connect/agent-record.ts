import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import type { FileRecord } from './settings-on-disk.ts';

/** What `connect` did for an agent, so that `disconnect` can undo exactly that. Holds no token. */
export interface AgentRecord {
  device_id: string;
  /** Without and with `/v1`. */
  origin: string;
  base_url: string;
  model: string | null;
  files: FileRecord[];
}

const pathIn = (home: string, agent: string) => join(home, 'connections', `${agent}.json`);

export function readAgentRecord(home: string, agent: string): AgentRecord | null {
  try {
    const record = JSON.parse(readFileSync(pathIn(home, agent), 'utf8')) as Partial<AgentRecord>;
    return Array.isArray(record.files) && typeof record.origin === 'string' ? (record as AgentRecord) : null;
  } catch {
    return null;
  }
}

export const writeAgentRecord = (home: string, agent: string, record: AgentRecord): void =>
  replaceFile(pathIn(home, agent), `${JSON.stringify(record, null, 2)}\n`, 0o600);

export const removeAgentRecord = (home: string, agent: string): void =>
  rmSync(pathIn(home, agent), { force: true });
