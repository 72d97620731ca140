import { join } from 'node:path';
import { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { advance, lastLines, linesAfter, type Cursor, type LogLine } from './tail.ts';

const Entry = z.object({
  /** UTC ms. */
  ts: z.number(),
  level: z.string(),
  /** Which log it is from: `vigiles`, `gateway`. */
  log: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});
type Entry = z.output<typeof Entry>;

const CursorShape = z.record(z.string().max(64), z.int().min(0));

function readCursor(text: string): Cursor {
  try {
    return CursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return raise(fault('invalid', 'cursor_invalid', 'after is not a cursor of this route.'));
  }
}

const writeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function toEntry({ text, file }: LogLine): Entry {
  const log = file.replace(/-\d{4}-\d{2}-\d{2}\.log$/, '');
  try {
    const { time, level, msg, pid: _pid, ...data } = JSON.parse(text) as Record<string, unknown>;
    return {
      ts: typeof time === 'number' ? time : 0,
      level: typeof level === 'string' ? level : 'info',
      log,
      message: typeof msg === 'string' ? msg : '',
      data,
    };
  } catch {
    return { ts: 0, level: 'info', log, message: text, data: {} };
  }
}

/** `GET /api/v1/logs`: the end of the logs in `<home>/logs`, and what was written since. They hold no secrets. */
export function logRoutes({ home }: { home: string }): Route[] {
  const folder = join(home, 'logs');
  return [
    defineRoute({
      method: 'GET',
      path: '/api/v1/logs',
      operationId: 'readLogs',
      summary: 'The last lines of the logs, or those after a cursor',
      tag: 'system',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        lines: z.coerce.number().int().min(1).max(1000).default(50),
        after: z.string().max(2000).optional(),
      }),
      success: z.object({ entries: z.array(Entry), cursor: z.string() }),
      faults: ['cursor_invalid'],
      async handle({ query }) {
        const cursor = query.after === undefined ? {} : readCursor(query.after);
        const lines =
          query.after === undefined ? await lastLines(folder, query.lines) : await linesAfter(folder, cursor);
        const entries = lines.map(toEntry).sort((a, b) => a.ts - b.ts);
        return {
          entries: query.after === undefined ? entries.slice(-query.lines) : entries,
          cursor: writeCursor(advance(cursor, lines)),
        };
      },
    }),
  ];
}
