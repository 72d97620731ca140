import type { CommandState, CommandType } from '@vigiles/contract';
import type { Kysely } from 'kysely';
import type { CommandRow, SessionTables } from '../tables.ts';

/** Commands of a session that are not settled: HALT first, then in their order. */
export async function openCommands(db: Kysely<SessionTables>, sessionId: string): Promise<CommandRow[]> {
  const rows = await db
    .selectFrom('session_command')
    .selectAll()
    .where('session_id', '=', sessionId)
    .where('state', 'in', ['queued', 'delivered'])
    .orderBy('seq')
    .execute();
  return [...rows.filter(({ type }) => type === 'HALT'), ...rows.filter(({ type }) => type !== 'HALT')];
}

/**
 * Which command is to be given out next; null when none, or when one is still being carried out. HALT waits for
 * nobody.
 */
export function nextToDeliver(open: readonly CommandRow[]): CommandRow | null {
  const busy = open.some(({ state, type }) => state === 'delivered' && type !== 'HALT');
  const next = open.find(({ state, type }) => state === 'queued' && (type === 'HALT' || !busy));
  return next ?? null;
}

export const stateOf = (row: CommandRow): CommandState => row.state as CommandState;
export const typeOf = (row: CommandRow): CommandType => row.type as CommandType;
