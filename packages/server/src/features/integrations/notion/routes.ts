import { NotionChoice, NotionConflict, NotionState, NotionSync } from '@vigiles/contract';
import { z } from 'zod';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import type { NotionService } from './service.ts';

const base = '/api/v1/integrations/notion';
const common = { tag: 'notion', tier: 'standard' } as const;
const syncFaults = ['notion_disabled', 'notion_not_configured'];

/** Notion over HTTP: how things stand, sync now, conflicts. */
export function notionRoutes(service: NotionService): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: base,
      operationId: 'readNotion',
      summary: 'Pages of Notion that are kept in step, and how they stand',
      scope: 'read',
      audit: 'none',
      success: NotionState,
      faults: [],
      handle: () => service.state(),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/sync`,
      operationId: 'syncNotion',
      summary: 'Bring pages and files in step now; where both changed nothing is overwritten',
      scope: 'operate',
      audit: 'notion.sync',
      tier: 'heavy',
      timeoutMs: 300_000,
      body: z.strictObject({ page: z.string().max(40).optional() }).prefault({}),
      success: NotionSync,
      faults: [...syncFaults, 'notion_page_unknown'],
      handle: ({ body }) => service.syncNow(body.page),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: `${base}/conflicts`,
      operationId: 'listNotionConflicts',
      summary: 'Pages that changed here and in Notion, with both versions',
      scope: 'read',
      audit: 'none',
      success: z.object({ conflicts: z.array(NotionConflict) }),
      faults: [],
      handle: async () => ({ conflicts: await service.conflicts() }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/conflicts/:id/resolve`,
      operationId: 'resolveNotionConflict',
      summary: 'Choose a version: the file’s, Notion’s, or Notion’s with the file’s kept beside it',
      scope: 'operate',
      audit: 'notion.resolve',
      timeoutMs: 120_000,
      params: z.object({ id: z.string().max(64) }),
      body: z.strictObject({ keep: NotionChoice }),
      success: NotionSync.shape.pages.element,
      faults: [...syncFaults, 'notion_conflict_unknown', 'notion_conflict_changed'],
      handle: ({ params, body }) => service.resolve(params.id, body.keep),
    }),
  ];
}
