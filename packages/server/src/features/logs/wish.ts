import { z } from 'zod';
import { LogLevel, type Identity } from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { seesAllTenants, tenantOf } from '../sessions/index.ts';
import type { LogFilter } from './core/log-filter.ts';
import { readPosition, type Position } from './core/position.ts';

/** UTC ms or ISO 8601. */
export const Moment = z
  .string()
  .max(40)
  .transform((text, context) => {
    const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
    if (Number.isFinite(ms)) return ms;
    context.addIssue({ code: 'custom', message: 'not a moment: UTC milliseconds or ISO 8601' });
    return z.NEVER;
  });

const Names = z
  .string()
  .max(400)
  .transform((text) => text.split(',').filter((name) => name !== ''));

/** What `GET /api/v1/logs` and its stream have in common. */
export const LogWish = z.object({
  level: LogLevel.optional().meta({ description: 'This level and what is more serious' }),
  category: Names.optional().meta({
    description: 'sessions, github, audit, http, gateway, session-commands …; several separated by commas',
  }),
  log: Names.optional().meta({ description: 'vigiles, gateway, session-commands; separated by commas' }),
  text: z
    .string()
    .min(1)
    .max(400)
    .optional()
    .meta({ description: 'Anywhere in a line, case does not matter' }),
  since: Moment.optional().meta({ description: 'Not older: UTC milliseconds or ISO 8601' }),
});

/** The filter for whoever asks. */
export const filterOf = (
  { level, category, log, text, since }: z.output<typeof LogWish>,
  until: number | null,
  identity: Identity,
): LogFilter => ({
  level: level ?? null,
  categories: category ?? null,
  logs: log ?? null,
  text: text ?? null,
  since: since ?? null,
  until,
  tenant: seesAllTenants(identity) ? null : tenantOf(identity),
});

/** A position that a client sent back. Raises `cursor_invalid`. */
export const positionOf = (text: string): Position =>
  readPosition(text) ??
  raise(fault('invalid', 'cursor_invalid', 'That is not a cursor of this route. Begin without one.'));
