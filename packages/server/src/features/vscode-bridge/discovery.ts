import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BridgeDiscovery } from '@vigiles/contract';
import { readSmallFile } from '../../platform/files/open-file.ts';
import { writeAtomic } from '../../platform/files/write-atomic.ts';

/** Where editors look. */
export const discoveryFile = (home: string): string => join(home, 'run', 'vscode-bridge.json');

/** Leaves the way to the bridge for editors of the same user: whole or not at all, and for nobody else to read. */
export async function writeDiscovery(home: string, discovery: BridgeDiscovery): Promise<void> {
  const path = discoveryFile(home);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A file that is replaced would keep the rights it has, whoever gave them.
  await rm(path, { force: true });
  await writeAtomic(path, `${JSON.stringify(discovery)}\n`, 0o600);
}

/** Takes our own file away; a successor's stays. */
export async function removeDiscovery(home: string, token: string): Promise<void> {
  const path = discoveryFile(home);
  try {
    if (BridgeDiscovery.parse(JSON.parse(await readSmallFile(path, 16_384))).token !== token) return;
  } catch {
    return;
  }
  await rm(path, { force: true });
}
