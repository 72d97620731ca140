import { waitFor } from '../harness/wait-for.ts';
import type { World } from './world.ts';

interface SettledTurn {
  outcome: string;
  provider: string;
  model_requested: string;
  input_tokens: number | null;
  output_tokens: number | null;
  status: number;
}

/** The newest turns of a model once the ledger holds as many: it is written behind the answer. */
export function settledTurns({ vigiles }: World, model: string, count: number): Promise<SettledTurn[]> {
  return waitFor(`the ledger to hold ${count} turns of ${model}`, async () => {
    const { turns } = await vigiles.api<{ turns: SettledTurn[] }>(`/api/v1/ai/turns?limit=${count}`);
    return turns.length === count && turns.every((turn) => turn.model_requested === model) && turns;
  });
}
