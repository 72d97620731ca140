/** A file of one of Vigiles' logs. */
export interface LogFile {
  name: string;
  /** `vigiles`, `gateway`, `session-commands`. */
  log: string;
  /** UTC day, `YYYY-MM-DD`. */
  day: string;
  /** A day's first file is part 0. */
  part: number;
}

const pattern = /^([a-z][a-z-]{0,40})-(\d{4}-\d{2}-\d{2})(?:\.(\d{1,6}))?\.log$/;

/** What a file's name says, or null where it is none of ours. */
export function readLogName(name: string): LogFile | null {
  const [, log, day, part = '0'] = pattern.exec(name) ?? [];
  return log === undefined || day === undefined ? null : { name, log, day, part: Number(part) };
}

/** Below 0 when `a` was written before `b`. Both of the same log. */
export const byAge = (a: LogFile, b: LogFile): number =>
  a.day === b.day ? a.part - b.part : a.day < b.day ? -1 : 1;

/** The files of each log, oldest first. */
export function groupLogs(names: readonly string[]): Map<string, LogFile[]> {
  const logs = new Map<string, LogFile[]>();
  for (const name of names) {
    const file = readLogName(name);
    if (file) logs.set(file.log, [...(logs.get(file.log) ?? []), file]);
  }
  for (const files of logs.values()) files.sort(byAge);
  return logs;
}
