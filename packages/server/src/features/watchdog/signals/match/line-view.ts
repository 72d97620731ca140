import type { LogLevel } from './pattern.ts';

/** A log line as far as somebody asks for it: nothing is decoded or parsed before. All of it is hostile text. */
export interface LineView {
  /** Without its end; bytes that are no UTF-8 became U+FFFD. */
  text(): string;
  level(): LogLevel | null;
  /** The message of a JSON line; the whole text of any other. */
  message(): string;
  /** A field of a JSON line by its path, as text; null when the line has none. */
  field(path: string): string | null;
  /** The fields of a JSON line; null for any other. */
  fields(): Readonly<Record<string, unknown>> | null;
}

export type LineFormat = 'auto' | 'text';

/** Words and numbers of levels; pino counts 10 to 60, syslog and journald 7 to 0. */
const words: Record<string, LogLevel> = {
  trace: 'trace',
  debug: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  panic: 'fatal',
  emerg: 'fatal',
  alert: 'fatal',
};
const pino: Record<number, LogLevel> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const levelFields = ['level', 'severity', 'lvl', 'levelname', 'log.level'];
const messageFields = ['msg', 'message', 'MESSAGE', 'log'];
/** Where a level stands in a line for people: behind the time, before the text. */
const levelWord =
  /\b(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|FATAL|CRIT(?:ICAL)?|PANIC|EMERG|ALERT)\b/i;
const levelWithin = 120;

function levelOf(value: unknown): LogLevel | null {
  if (typeof value === 'number') return pino[value] ?? null;
  return typeof value === 'string' ? (words[value.toLowerCase()] ?? null) : null;
}

/** Syslog's priorities, 0 to 7, as journald writes them. */
function ofPriority(value: unknown): LogLevel | null {
  const priority = typeof value === 'string' ? Number.parseInt(value, 10) : Number.NaN;
  if (!Number.isInteger(priority)) return null;
  if (priority <= 2) return 'fatal';
  return (['error', 'warn', 'info', 'info', 'debug'] as const)[priority - 3] ?? null;
}

function asText(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/** A view of `bytes[start, end)`, which holds one line without its `\n`. Valid for as long as the bytes are. */
export function createLineView(bytes: Buffer, start: number, end: number, format: LineFormat): LineView {
  let decoded: string | null = null;
  let parsed: Record<string, unknown> | null | undefined;
  const text = (): string => {
    const last = end > start && bytes[end - 1] === 13 ? end - 1 : end;
    return (decoded ??= bytes.toString('utf8', start, last));
  };
  const fields = (): Record<string, unknown> | null => {
    if (parsed !== undefined) return parsed;
    parsed = null;
    // 123 is {
    if (format === 'text' || bytes[start] !== 123) return parsed;
    try {
      parsed = JSON.parse(text()) as Record<string, unknown>;
    } catch {
      // Begins like JSON and is none: a line of text like others.
    }
    return parsed;
  };
  const at = (path: string): unknown => {
    const all = fields();
    const whole = own(all, path);
    if (whole !== undefined) return whole;
    return path.split('.').reduce<unknown>(own, all);
  };
  const firstOf = (names: readonly string[]): unknown => {
    for (const name of names) {
      const value = at(name);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
  return {
    text,
    fields,
    field: (path) => asText(at(path)),
    message: () => (fields() ? asText(firstOf(messageFields)) : null) ?? text(),
    level() {
      if (fields()) return levelOf(firstOf(levelFields)) ?? ofPriority(at('PRIORITY'));
      const found = levelWord.exec(text().slice(0, levelWithin));
      return found ? (words[found[1]?.toLowerCase() ?? ''] ?? null) : null;
    },
  };
}
