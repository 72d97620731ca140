import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readProcStat } from './proc-stat.ts';

/**
 * Which process is meant. A pid alone is reused by the system; together with its start time it names one
 * process for ever. `startTime` is opaque: on Linux `<boot id>:<start ticks>`, elsewhere what `ps` prints.
 */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

export const hasProc = existsSync('/proc/self/stat');

let bootId: string | null = null;

/** Start ticks count from boot, so they only mean something together with the boot they belong to. */
function currentBoot(): string {
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return bootId;
}

function psStart(pid: number, ended: boolean): string | null {
  try {
    const [state = '', ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2000,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' },
    })
      .trim()
      .split(/\s+/);
    return start.length === 0 || (!ended && state.startsWith('Z')) ? null : `ps:${start.join(' ')}`;
  } catch {
    return null;
  }
}

function read(pid: number, ended: boolean): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (!hasProc) {
    const start = psStart(pid, ended);
    return start === null ? null : { pid, startTime: start };
  }
  const stat = readProcStat(pid);
  if (!stat || (!ended && (stat.state === 'Z' || stat.state === 'X'))) return null;
  return { pid, startTime: `${currentBoot()}:${stat.startTicks}` };
}

/** The identity of the process that has this pid now; null when none does. A zombie is none: it runs no more. */
export const identify = (pid: number): ProcessIdentity | null => read(pid, false);

/**
 * The identity of a child in the turn it was started in: also of one that has ended already, whose group may live on. Its pid
 * is its own until the event loop has been told of its end.
 */
export const identifyChild = (pid: number): ProcessIdentity | null => read(pid, true);

export const sameProcess = (a: ProcessIdentity | null, b: ProcessIdentity | null): boolean =>
  a !== null && b !== null && a.pid === b.pid && a.startTime === b.startTime;

/** Whether exactly this process still runs; another one with its pid does not count. */
export const isAlive = (identity: ProcessIdentity): boolean => sameProcess(identify(identity.pid), identity);

/** Whether it was started before the other one. Only Linux tells it exactly enough; elsewhere nothing is. */
export function startedBefore(one: ProcessIdentity, other: ProcessIdentity): boolean {
  const ticks = ({ startTime }: ProcessIdentity) => Number(startTime.slice(startTime.lastIndexOf(':') + 1));
  return hasProc && ticks(one) < ticks(other);
}

/** One text for an identity: for keys and comparisons. */
export const identityKey = (identity: ProcessIdentity): string => `${identity.pid}@${identity.startTime}`;
