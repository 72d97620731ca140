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
  /** What each turn's event says, where it is at hand. */
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
    const fresh = await insertTurns(run, writer.dialect, turns, again);
    const now = Date.now();
    const written = fresh ? turns.filter(({ id }) => fresh.has(id)) : turns;
    if (written.length > 0) await rollUp(run, writer.dialect, written);
    const events: StagedEvent[] = [];
    for (const [i, turn] of turns.entries())
      if (!fresh || fresh.has(turn.id)) addEvents(events, turn, texts?.[i], now);
    if (events.length > 0) await insertEvents(writer, run, events);
  });
}

/** @param text what `turn.settled` says, where it is at hand */
function addEvents(events: StagedEvent[], turn: LedgerTurn, text: string | undefined, now: number): void {
  const actor = `device:${turn.device_id}`;
  const subject = turn.id;
  const data = text ?? settledText(turn);
  events.push({ seq: 0, id: newId('evt'), type: 'turn.settled', ts: now, actor, subject, data });
  const { synthesis, session_id, provider, model } = turn;
  if (synthesis === null) return;
  const called = { turn_id: turn.id, session_id, provider, model, synthesis };
  events.push(stageEvent('call.synthesised', { actor, subject, data: called }, newId('evt'), now));
}

function settledText({ decision: _decision, ...turn }: LedgerTurn): string {
  return JSON.stringify({ turn });
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
