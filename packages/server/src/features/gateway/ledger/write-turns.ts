import type { Turn } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { GatewayTables, TurnTable } from './tables.ts';

/** SQLite takes 32,766 parameters a statement; this many rows stay far below. */
const ROWS_PER_INSERT = 100;

/**
 * Writes settled turns and their `turn.settled` events in one durable transaction. Writing the same turn twice — a
 * worker that died after its commit and before its answer — keeps one row and one event.
 */
export async function writeTurns(events: EventLog, turns: readonly Turn[]): Promise<void> {
  await events.transaction<GatewayTables, void>(
    async (tx) => {
      for (let from = 0; from < turns.length; from += ROWS_PER_INSERT) {
        const part = turns.slice(from, from + ROWS_PER_INSERT);
        const written = await tx.db
          .insertInto('turn')
          .values(part.map(toRow))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .execute();
        const fresh = written.length === part.length ? null : new Set(written.map(({ id }) => id));
        for (const turn of part) {
          if (fresh && !fresh.has(turn.id)) continue;
          tx.append('turn.settled', { actor: `device:${turn.device_id}`, subject: turn.id, data: { turn } });
        }
      }
    },
    { durable: true },
  );
}

function toRow(turn: Turn): TurnTable {
  return {
    ...turn,
    stream: turn.stream ? 1 : 0,
    losses: turn.losses.length === 0 ? null : JSON.stringify(turn.losses),
  };
}

/** A stored row as the API shows it. */
export function fromRow(row: TurnTable): Turn {
  return {
    ...row,
    outcome: row.outcome as Turn['outcome'],
    stream: row.stream === 1,
    losses: row.losses === null ? [] : (JSON.parse(row.losses) as Turn['losses']),
  };
}
