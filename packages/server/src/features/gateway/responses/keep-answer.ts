import { setMembers } from '../core/edit-json.ts';
import type { Turn } from '../turn/turn.ts';
import { tapAnswer, type SeenResponse } from './answer-tap.ts';
import { keepsItself } from './history.ts';
import type { Prepared } from './prepare-request.ts';
import type { KeptResponse, ResponseStore } from './response-store.ts';

/** A connection that keeps answers for its own use, also those that are not to be stored. */
export interface Line {
  owner: string;
  kept: KeptResponse[];
}

/** Keeps what the turn answers, or remembers who does. */
export function keepAnswer(
  store: ResponseStore,
  turn: Turn,
  { parent, own }: Prepared,
  line: Line | undefined,
): void {
  const { deviceId } = turn.identity;
  const elsewhere = (): boolean => turn.passed && turn.upstream !== null && keepsItself(turn.upstream);
  const owner = line?.owner ?? deviceId;
  const done = (seen: SeenResponse): void => {
    if (line === undefined && elsewhere()) return;
    const response =
      parent === null
        ? Buffer.from(seen.json)
        : setMembers(seen.json, { previous_response_id: JSON.stringify(parent.id) });
    const made = { id: seen.id, owner, parent, input: Buffer.from(own), response };
    const kept = store.keep({ ...made, output: Buffer.from(seen.output) });
    if (kept) line?.kept.push(kept);
  };
  turn.res.tap =
    line === undefined
      ? tapAnswer(done, (id) => {
          if (elsewhere() && turn.upstream) store.issued(deviceId, id, turn.upstream.id);
        })
      : tapAnswer(done);
}
