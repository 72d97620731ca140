import { clean } from '../output/clean.ts';
import { cyan, dim, red, yellow } from '../output/style.ts';
import { clockTime } from '../output/units.ts';

/** One entry of `GET /api/v1/logs`. */
export interface LogEntry {
  ts: number;
  level: string;
  log: string;
  message: string;
  data: Record<string, unknown>;
}

export interface LogPage {
  entries: LogEntry[];
  cursor: string;
}

const colours: Record<string, (text: string) => string> = {
  error: red,
  warn: yellow,
  info: cyan,
  debug: dim,
};

/** One line; whatever others wrote into it cannot move the cursor or change colours. */
export function logLine({ ts, level, log, message, data }: LogEntry): string {
  const rest = Object.entries(data).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const colour = colours[level] ?? dim;
  return `${dim(clockTime(ts))} ${colour(clean(level).padEnd(5))} ${dim(clean(log))} ${clean(message)} ${dim(clean(rest.join(' ')))}`.trimEnd();
}
