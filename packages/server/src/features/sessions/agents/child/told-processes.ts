import { readProcess, type ProcessIdentity } from '../../../../platform/process/index.ts';
import { redactText } from '../../../actions/index.ts';

/** A process as evidence tells of it: a pid alone may be another's by the time somebody reads it. */
export interface ToldProcess {
  pid: number;
  /** UTC ISO 8601, to the second; null: it is gone, or cannot be read. */
  started_at: string | null;
  /** Its command line, cut, without secrets. */
  command: string;
}

/** Evidence is read by people: a tree of hundreds is told by its first ones. */
const most = 20;
const longestCommand = 200;

/** @param now UTC ms */
export const tellOfProcesses = (processes: readonly ProcessIdentity[], now: number): ToldProcess[] =>
  processes.slice(0, most).map(({ pid, startTime }) => {
    const info = readProcess(pid);
    if (info?.identity.startTime !== startTime) return { pid, started_at: null, command: '' };
    const started = new Date(Math.round((now - info.uptimeMs) / 1000) * 1000).toISOString();
    return { pid, started_at: started, command: redactText(info.commandLine).slice(0, longestCommand) };
  });
