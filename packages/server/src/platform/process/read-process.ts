import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { hasProc, identify, type ProcessIdentity } from './identity.ts';
import { readProcStat } from './proc-stat.ts';

export interface ProcessInfo {
  identity: ProcessIdentity;
  /** Program and arguments, cut to 2,000 characters. May hold secrets of others: redact before storing. */
  commandLine: string;
  rssBytes: number;
  /** CPU time used since its start, milliseconds. */
  cpuMs: number;
  uptimeMs: number;
  /** Null where the system does not tell. */
  threads: number | null;
  /** Stopped by a signal or a debugger: it runs no code until it is continued. */
  frozen: boolean;
}

/** USER_HZ and the page size are 100 and 4096 on every Linux that Node 24 is built for, but arm64 may differ. */
const ticksPerSecond = 100;
let pageBytes = 0;
function pageSize(): number {
  if (pageBytes === 0) pageBytes = toldPageSize() ?? 4096;
  return pageBytes;
}

/** What the kernel tells each program as it starts: pairs of 64 bits (getauxval(3)). To ask `getconf` takes 20 ms. */
function toldPageSize(): number | null {
  const isPageSize = 6n;
  try {
    const told = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= told.length; at += 16)
      if (told.readBigUInt64LE(at) === isPageSize) return Number(told.readBigUInt64LE(at + 8));
  } catch {
    // Hidden from us.
  }
  return null;
}

/** What a process is and uses now; null when it is gone. */
export function readProcess(pid: number): ProcessInfo | null {
  const identity = identify(pid);
  if (!identity) return null;
  return hasProc ? readFromProc(identity) : readFromPs(identity);
}

function readFromProc(identity: ProcessIdentity): ProcessInfo | null {
  const stat = readProcStat(identity.pid);
  if (!stat) return null;
  let commandLine = stat.command;
  try {
    const text = readFileSync(`/proc/${identity.pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    if (text !== '') commandLine = text.slice(0, 2000);
  } catch {
    // Gone meanwhile, or not ours to read: its short name stays.
  }
  return {
    identity,
    commandLine,
    rssBytes: stat.rssPages * pageSize(),
    cpuMs: (stat.cpuTicks * 1000) / ticksPerSecond,
    uptimeMs: Math.max(0, uptime() * 1000 - (Number(stat.startTicks) * 1000) / ticksPerSecond),
    threads: stat.threads,
    frozen: stat.state === 'T' || stat.state === 't',
  };
}

function readFromPs(identity: ProcessIdentity): ProcessInfo | null {
  try {
    const text = execFileSync('ps', ['-o', 'rss=,time=,etime=,state=,command=', '-p', String(identity.pid)], {
      encoding: 'utf8',
      timeout: 2000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [rss = '0', cpu = '0', elapsed = '0', state = '', ...command] = text.split(/\s+/);
    return {
      identity,
      commandLine: command.join(' ').slice(0, 2000),
      rssBytes: Number(rss) * 1024,
      cpuMs: clockText(cpu),
      uptimeMs: clockText(elapsed),
      threads: null,
      frozen: state.startsWith('T'),
    };
  } catch {
    return null;
  }
}

/** `[[dd-]hh:]mm:ss[.cc]`, as ps prints durations, in milliseconds. */
export function clockText(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const parts = (clock ?? '').split(':').map(Number);
  const seconds = parts.reduce((sum, part) => sum * 60 + (Number.isFinite(part) ? part : 0), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
