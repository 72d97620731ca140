import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from '../../platform/process/identity.ts';
import { writeAtomic } from '../../platform/files/write-atomic.ts';

/** How control finds and proves a gateway that already runs. Only its owner may read it: it holds the secret. */
export interface GatewayRunFile {
  pid: number;
  /** Together with the pid it names one process for ever; opaque. */
  start_time: string;
  host: string;
  port: number;
  secret: string;
}

/** Where it lies. */
export const gatewayRunPath = (home: string): string => join(home, 'run', 'gateway.json');

/** Writes `<home>/run/gateway.json`, mode 0600. @returns its path */
export async function writeRunFile(
  home: string,
  more: Pick<GatewayRunFile, 'host' | 'port' | 'secret'>,
): Promise<string> {
  const path = gatewayRunPath(home);
  await mkdir(join(home, 'run'), { recursive: true, mode: 0o700 });
  const file: GatewayRunFile = {
    pid: process.pid,
    start_time: identify(process.pid)?.startTime ?? '',
    ...more,
  };
  await writeAtomic(path, `${JSON.stringify(file)}\n`, 0o600);
  return path;
}

/** What stands in the run file; null when there is none or it cannot be read. */
export async function readRunFile(home: string): Promise<GatewayRunFile | null> {
  try {
    return JSON.parse(await readFile(gatewayRunPath(home), 'utf8')) as GatewayRunFile;
  } catch {
    return null;
  }
}

/** Takes our own run file away; a successor's stays. */
export async function removeRunFile(path: string): Promise<void> {
  try {
    const { pid } = JSON.parse(await readFile(path, 'utf8')) as GatewayRunFile;
    if (pid === process.pid) await rm(path, { force: true });
  } catch {
    // Gone already, or not ours to judge.
  }
}
