import type { Turn } from '@vigiles/contract';
import { newId } from '../../../kernel/ids.ts';
import { insertEvents, stageEvent, type StagedEvent } from '../../../platform/event-log/insert-events.ts';
import type { StoreWriter } from '../../../platform/store/writer.ts';
import { insertTurns } from './insert-turns.ts';
import type { LedgerTurn } from './ledger-turn.ts';
import { rollUp } from './roll-up.ts';
import type { TurnTable } from './tables.ts';

/** How a batch comes. */
export interface BatchFacts {
  /** Some of its turns may be written already: a worker died after its commit and before its answer. */
  again: boolean;
  /** Each turn's JSON, where it is at hand. */
  texts?: readonly string[];
}

/**
 * Writes settled turns and their `turn.settled` events in one durable transaction. Writing the same turn `again` keeps one
 * row and one event.
 */
export async function writeTurns(
  writer: StoreWriter,
  turns: readonly LedgerTurn[],
  { again, texts }: BatchFacts = { again: true },
): Promise<void> {
  await writer.transaction(async (run) => {
    const fresh = await insertTurns(run, writer.dialect, turns.map(toRow), again);
    const now = Date.now();
    const written = fresh ? turns.filter(({ id }) => fresh.has(id)) : turns;
    if (written.length > 0) await rollUp(run, writer.dialect, written);
    const settled: StagedEvent[] = [];
    for (const [i, turn] of turns.entries())
      if (!fresh || fresh.has(turn.id)) settled.push(...eventsOf(turn, texts?.[i], now));
    if (settled.length > 0) await insertEvents(writer, run, settled);
  });
}

/** @param text the turn's JSON, which is not made anew where the event tells all of it */
function eventsOf(ledgerTurn: LedgerTurn, text: string | undefined, now: number): StagedEvent[] {
  const { decision, ...turn } = ledgerTurn;
  const about = { actor: `device:${turn.device_id}`, subject: turn.id };
  const settled =
    text !== undefined && decision === undefined
      ? { ...about, seq: 0, id: newId('evt'), type: 'turn.settled', ts: now, data: `{"turn":${text}}` }
      : stageEvent('turn.settled', { ...about, data: { turn } }, newId('evt'), now);
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
