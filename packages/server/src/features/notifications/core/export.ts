import type { Notification } from '@vigiles/contract';
import { csvCell } from '../../../kernel/csv-cell.ts';

export type ExportFormat = 'json' | 'csv' | 'markdown';

const columns = [
  'timestamp',
  'type',
  'severity',
  'kind',
  'phase',
  'service',
  'title',
  'message',
  'channels',
] as const;

type Row = Record<(typeof columns)[number], string>;

const rowOf = (entry: Notification): Row => ({
  timestamp: entry.timestamp,
  type: entry.type,
  severity: entry.severity,
  kind: entry.kind,
  phase: entry.phase,
  service: entry.service ?? '',
  title: entry.title ?? '',
  message: entry.message,
  channels: entry.deliveries.map(({ channel, state }) => `${channel} ${state}`).join(', '),
});

/** A cell of a Markdown table: nothing in it is markup, a link or another cell. */
const markdownCell = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]()#+\-!|<>~&]/g, (mark) => `&#${mark.charCodeAt(0)};`).replaceAll(/\s+/g, ' ');

const bodies: Record<ExportFormat, (entries: readonly Notification[]) => string> = {
  json: (entries) => `${JSON.stringify(entries, null, 2)}\n`,
  csv: (entries) =>
    [columns.join(','), ...entries.map((entry) => cellsOf(entry).map(csvCell).join(','))].join('\r\n') +
    '\r\n',
  markdown: (entries) =>
    [
      `| ${columns.join(' | ')} |`,
      `|${columns.map(() => ' --- ').join('|')}|`,
      ...entries.map((entry) => `| ${cellsOf(entry).map(markdownCell).join(' | ')} |`),
    ].join('\n') + '\n',
};

function cellsOf(entry: Notification): string[] {
  const row = rowOf(entry);
  return columns.map((column) => row[column]);
}

/** The history as a file. */
export function exportHistory(
  entries: readonly Notification[],
  format: ExportFormat,
  now: number,
): { format: ExportFormat; content: string; filename: string } {
  const day = new Date(now).toISOString().slice(0, 10);
  const ending = format === 'markdown' ? 'md' : format;
  return { format, content: bodies[format](entries), filename: `notifications-${day}.${ending}` };
}
