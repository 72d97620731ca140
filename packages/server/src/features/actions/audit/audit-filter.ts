import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { ActionTables } from '../tables.ts';

/** Which records are meant. */
export interface AuditFilter {
  actor?: string | undefined;
  /** `port.kill`, or `port` for all that begins with `port.`. */
  verb?: string | undefined;
  /** A part of the target. */
  target?: string | undefined;
  /** UTC ms, both included. */
  since?: number | undefined;
  until?: number | undefined;
}

type Rows = SelectQueryBuilder<ActionTables, 'audit', ActionTables['audit']>;

const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** The records of a filter, without an order yet. */
export function auditRows(db: Kysely<ActionTables>, filter: AuditFilter): Rows {
  const { actor, verb, target, since, until } = filter;
  let rows = db.selectFrom('audit').selectAll();
  if (actor !== undefined) rows = rows.where('actor', '=', actor);
  if (verb !== undefined) {
    const below = `${escaped(verb)}.%`;
    rows = rows.where((where) =>
      where.or([where('verb', '=', verb), sql<boolean>`verb like ${below} escape '\\'`]),
    );
  }
  if (target !== undefined)
    rows = rows.where(sql<boolean>`lower(target) like ${`%${escaped(target.toLowerCase())}%`} escape '\\'`);
  if (since !== undefined) rows = rows.where('ts', '>=', since);
  if (until !== undefined) rows = rows.where('ts', '<=', until);
  return rows;
}
