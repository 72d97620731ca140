import { mainTenant, type LogEntry, type LogLevel } from '@vigiles/contract';

/** What somebody wants to see; null: all. */
export interface LogFilter {
  /** This level and what is more serious. */
  level: LogLevel | null;
  categories: readonly string[] | null;
  logs: readonly string[] | null;
  /** Anywhere in message or data, without regard to case. */
  text: string | null;
  /** UTC ms. */
  since: number | null;
  until: number | null;
  /** Who asks belongs to this tenant: no other's session commands; the house's own logs are for its own tenant. */
  tenant: string | null;
}

const weight: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

const valuesText = (value: unknown, depth = 0): string => {
  if (value === null || typeof value !== 'object') return String(value);
  if (depth > 6) return '';
  return Object.entries(value)
    .map(([name, each]) => `${name} ${valuesText(each, depth + 1)}`)
    .join(' ');
};

/** Whether an entry is wanted. */
export function wanted(entry: LogEntry, filter: LogFilter): boolean {
  const { level, categories, logs, text, since, until, tenant } = filter;
  if (level !== null && weight[entry.level] < weight[level]) return false;
  if (categories !== null && !categories.includes(entry.category)) return false;
  if (logs !== null && !logs.includes(entry.log)) return false;
  if (since !== null && entry.ts < since) return false;
  if (until !== null && entry.ts > until) return false;
  if (tenant !== null) {
    if (entry.log === 'session-commands' ? entry.data['tenant'] !== tenant : tenant !== mainTenant)
      return false;
  }
  if (text === null) return true;
  return `${entry.message} ${valuesText(entry.data)}`.toLowerCase().includes(text.toLowerCase());
}
