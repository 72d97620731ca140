import type { AuditRecord } from '@vigiles/contract';
import { csvCell } from '../../../kernel/csv-cell.ts';

const columns = ['seq', 'time', 'actor', 'verb', 'target', 'data', 'previous_hash', 'hash'] as const;

const cells = (record: AuditRecord): string[] => [
  String(record.seq),
  new Date(record.ts).toISOString(),
  record.actor,
  record.verb,
  record.target,
  JSON.stringify(record.data),
  record.previous_hash,
  record.hash,
];

/** Records as text, page by page: one JSON object a line, or CSV whose cells no spreadsheet takes for a formula. */
export async function* exportAudit(
  pages: AsyncIterable<readonly AuditRecord[]>,
  format: 'jsonl' | 'csv',
): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  for await (const page of pages) {
    yield format === 'csv'
      ? page.map((record) => `${cells(record).map(csvCell).join(',')}\r\n`).join('')
      : page.map((record) => `${JSON.stringify(record)}\n`).join('');
  }
}
