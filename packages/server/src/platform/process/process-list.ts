import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { hasProc } from './identity.ts';
import { readProcStat } from './proc-stat.ts';

/** A line of the process table: enough to find who belongs to whom. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  /** 0 where the system does not tell. */
  session: number;
}

/** All processes now, zombies left out. */
export function listProcesses(): ProcessRow[] {
  return hasProc ? fromProc() : fromPs();
}

function fromProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProcStat(Number(name));
    if (stat && stat.state !== 'Z' && stat.state !== 'X') {
      rows.push({ pid: stat.pid, parent: stat.parent, group: stat.group, session: stat.session });
    }
  }
  return rows;
}

function fromPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,state='], { encoding: 'utf8', timeout: 3000 });
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [pid, parent, group, state = ''] = line.trim().split(/\s+/);
      if (state.startsWith('Z')) return [];
      return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0 }];
    });
}
