import { AuditRecord } from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { Audit } from './audit.ts';
import { exportAudit } from './export-audit.ts';

const Filter = {
  actor: z.string().max(200).optional().meta({ description: '`device:<id>`, `watchdog`, …' }),
  verb: z.string().max(100).optional().meta({ description: '`port.kill`, or `port` for all of them.' }),
  target: z.string().max(300).optional().meta({ description: 'A part of it.' }),
  since: z.coerce.number().optional().meta({ description: 'UTC ms.' }),
  until: z.coerce.number().optional().meta({ description: 'UTC ms.' }),
};
const seq = z.coerce.number().int().min(0);

const ChainVerdict = z.object({
  ok: z.boolean(),
  /** The last record that was looked at and fits. */
  records: z.number(),
  /** How many there are. */
  total: z.number(),
  broken_at: z.number().nullable(),
  reason: z.string().nullable(),
});

/** The audit chain over HTTP: pages, a look at whether it is whole, and all of it as a file. */
export function auditRoutes(audit: Audit): Route[] {
  const common = { method: 'GET', tag: 'audit', scope: 'read', audit: 'none' } as const;
  const download = (format: 'jsonl' | 'csv', mediaType: string): Route =>
    defineRoute({
      ...common,
      path: `/api/v1/audit/export.${format}`,
      operationId: format === 'csv' ? 'exportAuditCsv' : 'exportAuditJsonl',
      summary: `The audit chain as ${format === 'csv' ? 'CSV; no cell is a formula' : 'one JSON object a line'}, oldest first`,
      audit: 'audit.export',
      tier: 'heavy',
      timeoutMs: 120_000,
      query: z.object(Filter),
      success: z.any(),
      faults: [],
      download: mediaType,
      async handle({ query, setHeader }) {
        setHeader('content-disposition', `attachment; filename="vigiles-audit.${format}"`);
        return exportAudit(audit.pages(query), format);
      },
    });
  return [
    defineRoute({
      ...common,
      path: '/api/v1/audit',
      operationId: 'listAudit',
      summary: 'The audit chain: newest first with `before`, else oldest first after `after_seq`',
      tier: 'light',
      query: z.object({
        ...Filter,
        limit: z.coerce.number().int().min(1).max(500).default(50),
        after_seq: seq.default(0),
        before: z
          .union([z.literal('end'), seq])
          .optional()
          .meta({ description: 'Newest first: `end`, then `next` of the page before.' }),
      }),
      success: z.object({
        records: z.array(AuditRecord),
        /** Sent as `before` to read on; null: there are no older ones. */
        next: z.number().nullable(),
      }),
      faults: [],
      async handle({ query: { limit, after_seq: after, before, ...filter } }) {
        if (before === undefined) return { records: await audit.read(after, limit, filter), next: null };
        const records = await audit.newest(before === 'end' ? null : before, limit, filter);
        return { records, next: records.length === limit ? (records.at(-1)?.seq ?? null) : null };
      },
    }),
    defineRoute({
      ...common,
      path: '/api/v1/audit/verify',
      operationId: 'verifyAudit',
      summary: 'Whether the audit chain is unbroken: all of it, or as much as is asked for at once',
      tier: 'standard',
      timeoutMs: 120_000,
      query: z.object({
        after_seq: seq.default(0).meta({ description: 'Begin after this record, which was found to fit.' }),
        most: z.coerce.number().int().min(1).max(100_000).optional(),
      }),
      success: ChainVerdict,
      faults: [],
      handle: ({ query }) => audit.verifyChain(query.after_seq, query.most),
    }),
    download('jsonl', 'application/x-ndjson; charset=utf-8'),
    download('csv', 'text/csv; charset=utf-8'),
  ];
}
