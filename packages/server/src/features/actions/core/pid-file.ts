/** A pid that a file names, and where: a path of keys in JSON, or a line number. */
export interface NamedPid {
  at: readonly (string | number)[];
  pid: number;
}

/** A file of pids as launchers write them: JSON with pids at its leaves (or below `pid`), or one pid a line. */
export type PidFile =
  | { form: 'json'; value: unknown; pids: NamedPid[] }
  | { form: 'lines'; lines: string[]; pids: NamedPid[] };

const isPid = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) <= 4_194_304;

/** Reads a file of pids; null: it is none. Numbers below other names than `pid` in an object are not taken for pids. */
export function readPidFile(text: string): PidFile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const lines = text.split('\n');
    const pids = lines.flatMap((line, at) =>
      /^\s*\d+\s*$/.test(line) && isPid(Number(line)) ? [{ at: [at], pid: Number(line) }] : [],
    );
    const foreign = lines.some((line) => line.trim() !== '' && !/^\s*\d+\s*$/.test(line));
    return foreign || pids.length === 0 ? null : { form: 'lines', lines, pids };
  }
  if (isPid(value)) return { form: 'lines', lines: text.split('\n'), pids: [{ at: [0], pid: value }] };
  if (typeof value !== 'object' || value === null) return null;
  const pids = Object.entries(value).flatMap(([name, entry]: [string, unknown]): NamedPid[] => {
    const key = Array.isArray(value) ? Number(name) : name;
    if (isPid(entry)) return [{ at: [key], pid: entry }];
    const pid = typeof entry === 'object' && entry !== null ? (entry as { pid?: unknown }).pid : undefined;
    return isPid(pid) ? [{ at: [key], pid }] : [];
  });
  return { form: 'json', value, pids };
}

/** The file without some of its entries; everything else stays. */
export function withoutPids(file: PidFile, gone: readonly NamedPid[]): string {
  const places = new Set(gone.map(({ at }) => at[0]));
  if (file.form === 'lines') {
    const kept = file.lines.filter((_line, at) => !places.has(at));
    return kept.join('\n');
  }
  const { value } = file;
  const kept = Array.isArray(value)
    ? value.filter((_entry: unknown, at) => !places.has(at))
    : Object.fromEntries(Object.entries(value as object).filter(([name]) => !places.has(name)));
  return `${JSON.stringify(kept, null, 2)}\n`;
}
