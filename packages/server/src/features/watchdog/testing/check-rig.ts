import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { CheckConfig } from '@vigiles/contract';
import { systemClock } from '../../../kernel/clock.ts';
import { silentLog } from '../../../kernel/log.ts';
import type { ProcessIdentity } from '../../../platform/process/index.ts';
import type { CheckKit, Look } from '../checks/define-check.ts';
import { createHttpClient } from '../checks/http/http-client.ts';
import { openProbe, type Probe } from '../checks/look.ts';
import type { HeartbeatBook } from '../heartbeats/heartbeat-book.ts';

/** A book in which nothing is ever written: for checks that do not need one. */
const noHeartbeats: HeartbeatBook = {
  tokenOf: () => '',
  past: () => ({ firstAt: 0, lastAt: null, status: 'up', message: '', deafUntil: null, pingMs: null }),
  receive: () => null,
  onPush: () => undefined,
  load: async () => undefined,
  stop: async () => undefined,
};

const http = createHttpClient();

/** What checks share, real but for what a test replaces. */
export const testKit = (more: Partial<CheckKit> = {}): CheckKit => ({
  clock: systemClock,
  log: silentLog,
  http,
  heartbeats: noHeartbeats,
  resolve: (text) => text,
  script: () => null,
  baseEnv: { PATH: process.env['PATH'] ?? '' },
  gateway: async () => null,
  logFile: () => null,
  plugin: async () => ({ state: 'unknown', reason: 'no plugins run here', facts: {} }),
  ...more,
});

/** A check as it is configured, ready to look; closed after the tests of the file. */
export function probe(config: object, more: Partial<CheckKit> = {}): Probe {
  const opened = openProbe(CheckConfig.parse(config), testKit(more), { service: 'test', check: 'test:0' });
  after(() => opened.close());
  return opened;
}

/** Looks once. */
export async function look(
  config: object,
  more: Partial<CheckKit> = {},
  subject: ProcessIdentity | null = null,
): Promise<Look> {
  const opened = openProbe(CheckConfig.parse(config), testKit(more), { service: 'test', check: 'test:0' });
  try {
    return await opened.look(subject);
  } finally {
    opened.close();
  }
}

/** Why a look failed; throws when it did not. */
export function reasonOf(found: Look): string {
  if (found.ok) throw new Error('it was healthy');
  return found.reason;
}

/** A folder of its own, removed after the tests of the file. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigiles-check-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends the connections that were kept. */
export const closeHttp = (): void => http.destroy();
