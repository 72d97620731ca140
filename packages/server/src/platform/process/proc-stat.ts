import { readFileSync } from 'node:fs';

/** The fields of `/proc/<pid>/stat` that are used here; proc_pid_stat(5). */
export interface ProcStat {
  pid: number;
  command: string;
  /** R running, S sleeping, D waiting for disk, T stopped, t traced, Z zombie, X dead. */
  state: string;
  parent: number;
  group: number;
  session: number;
  cpuTicks: number;
  /** Field 22: clock ticks between boot and the start of the process. */
  startTicks: string;
  threads: number;
  rssPages: number;
}

/** Reads one stat line. The command name may itself hold spaces and brackets: it ends at the last `)`. */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const rest = text.slice(close + 2).split(' ');
  const startTicks = rest[19];
  const pid = Number.parseInt(text.slice(0, open), 10);
  if (startTicks === undefined || !Number.isInteger(pid)) return null;
  return {
    pid,
    command: text.slice(open + 1, close),
    state: rest[0] ?? '',
    parent: Number(rest[1]),
    group: Number(rest[2]),
    session: Number(rest[3]),
    cpuTicks: Number(rest[11]) + Number(rest[12]),
    startTicks,
    threads: Number(rest[17]),
    rssPages: Number(rest[21]),
  };
}

/** The stat of a process now; null when there is none (or no /proc). */
export function readProcStat(pid: number): ProcStat | null {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}
