import type { LogEntry, LogLevel } from '@vigiles/contract';

/** More of one message or line is not answered. */
const longestText = 16_384;

const levels: Record<string, LogLevel> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

const shorten = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}…` : text;

/**
 * A line of a log file as an entry. A line that is none of ours is kept as the text it is.
 * @param ts the time of the line beside it, for a line that does not say
 */
export function readEntry(text: string, log: string, ts: number): LogEntry {
  const plain: LogEntry = { ts, level: 'info', log, category: log, message: shorten(text), data: {} };
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return plain;
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return plain;
  const { time, level, msg, category, pid: _pid, ...data } = fields as Record<string, unknown>;
  return {
    ts: typeof time === 'number' && Number.isFinite(time) ? time : ts,
    level: levels[String(level)] ?? 'info',
    log,
    category: typeof category === 'string' && category !== '' ? category.slice(0, 64) : log,
    message: typeof msg === 'string' ? shorten(msg) : '',
    data,
  };
}
