import type { Turn } from '@vigiles/contract';
import type { EventLog } from '../../../platform/event-log/event-log.ts';
import type { Store } from '../../../platform/store/store.ts';
import { insertTurns } from './insert-turns.ts';
import type { GatewayTables, TurnTable } from './tables.ts';

/**
 * Writes settled turns and their `turn.settled` events in one durable transaction. Writing the same turn twice — a
 * worker that died after its commit and before its answer — keeps one row and one event.
 */
export async function writeTurns(
  events: EventLog,
  dialect: Store['dialect'],
  turns: readonly Turn[],
): Promise<void> {
  await events.transaction<GatewayTables, void>(
    async (tx) => {
      const fresh = await insertTurns(tx.db, dialect, turns.map(toRow));
      for (const turn of turns) {
        if (!fresh.has(turn.id)) continue;
        tx.append('turn.settled', { actor: `device:${turn.device_id}`, subject: turn.id, data: { turn } });
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
