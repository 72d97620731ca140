import type { Turn } from '@vigiles/contract';
import { newId } from '../../../kernel/ids.ts';
import { insertEvents, stageEvent } from '../../../platform/event-log/insert-events.ts';
import type { StoreWriter } from '../../../platform/store/writer.ts';
import { insertTurns } from './insert-turns.ts';
import type { LedgerTurn } from './ledger-turn.ts';
import { rollUp } from './roll-up.ts';
import type { TurnTable } from './tables.ts';

/**
 * Writes settled turns and their `turn.settled` events in one durable transaction. Writing the same turn twice — a
 * worker that died after its commit and before its answer — keeps one row and one event.
 */
export async function writeTurns(writer: StoreWriter, turns: readonly LedgerTurn[]): Promise<void> {
  await writer.transaction(async (run) => {
    const fresh = await insertTurns(run, writer.dialect, turns.map(toRow));
    const now = Date.now();
    const written = turns.filter(({ id }) => fresh.has(id));
    if (written.length > 0) await rollUp(run, writer.dialect, written);
    const settled = written.flatMap(({ decision: _decision, ...turn }) => eventsOf(turn, now));
    if (settled.length > 0) await insertEvents(writer, run, settled);
  });
}

function eventsOf(turn: Turn, now: number): ReturnType<typeof stageEvent>[] {
  const about = { actor: `device:${turn.device_id}`, subject: turn.id };
  const settled = stageEvent('turn.settled', { ...about, data: { turn } }, newId('evt'), now);
  const { synthesis, session_id, provider, model } = turn;
  if (synthesis === null) return [settled];
  const data = { turn_id: turn.id, session_id, provider, model, synthesis };
  return [settled, stageEvent('call.synthesised', { ...about, data }, newId('evt'), now)];
}

function toRow(turn: LedgerTurn): TurnTable {
  return {
    ...turn,
    decision: turn.decision ?? null,
    stream: turn.stream ? 1 : 0,
    losses: turn.losses.length === 0 ? null : JSON.stringify(turn.losses),
    repairs: turn.repairs.length === 0 ? null : JSON.stringify(turn.repairs),
    faults: turn.faults.length === 0 ? null : JSON.stringify(turn.faults),
    synthesis: turn.synthesis === null ? null : JSON.stringify(turn.synthesis),
    adaptations: turn.adaptations.length === 0 ? null : JSON.stringify(turn.adaptations),
    continuations: turn.continuations.length === 0 ? null : JSON.stringify(turn.continuations),
  };
}

/** A stored row as the API shows it. */
export function fromRow({ decision: _decision, ...row }: TurnTable): Turn {
  return {
    ...row,
    outcome: row.outcome as Turn['outcome'],
    stream: row.stream === 1,
    losses: row.losses === null ? [] : (JSON.parse(row.losses) as Turn['losses']),
    repairs: row.repairs === null ? [] : (JSON.parse(row.repairs) as Turn['repairs']),
    faults: row.faults === null ? [] : (JSON.parse(row.faults) as Turn['faults']),
    synthesis: row.synthesis === null ? null : (JSON.parse(row.synthesis) as Turn['synthesis']),
    adaptations: row.adaptations === null ? [] : (JSON.parse(row.adaptations) as string[]),
    continuations: row.continuations === null ? [] : (JSON.parse(row.continuations) as Turn['continuations']),
  };
}
