import { z } from 'zod';
import { LogPage } from '@vigiles/contract';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { writePosition } from './core/position.ts';
import { readPage } from './read-page.ts';
import { filterOf, LogWish, Moment, positionOf } from './wish.ts';

/** More is not looked at for one page; it is answered short, with a cursor. */
const pageBytes = 16 * 1024 * 1024;

/** `GET /api/v1/logs`: Vigiles' own logs in `folder`, newest first. They hold no secrets. */
export function logRoutes(folder: string, maxBytes = pageBytes): Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/logs',
      operationId: 'readLogs',
      summary: 'Lines of the logs, newest first; as a stream at /api/v1/logs/stream',
      tag: 'system',
      scope: 'read',
      audit: 'none',
      tier: 'standard',
      query: LogWish.extend({
        until: Moment.optional().meta({ description: 'Not newer' }),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
        cursor: z.string().max(2000).optional().meta({ description: '`next` of the page before' }),
      }),
      success: LogPage,
      faults: ['cursor_invalid'],
      async handle({ query, identity, signal }) {
        const { entries, next } = await readPage(folder, {
          filter: filterOf(query, query.until ?? null, identity),
          limit: query.limit,
          from: query.cursor === undefined ? null : positionOf(query.cursor),
          maxBytes,
          signal,
        });
        return { entries, next: next === null ? null : writePosition(next) };
      },
    }),
  ];
}
