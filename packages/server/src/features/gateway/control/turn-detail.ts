import type { CostLine, Turn, TurnDetail } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import { costLines } from '../core/cost-lines.ts';
import type { ModelRates } from '../core/cost.ts';
import type { GatewayTables } from '../ledger/tables.ts';

/** A turn with its price line by line, from the very rates it was priced with. */
export async function turnDetail(store: Store, turn: Turn): Promise<TurnDetail> {
  return { ...turn, cost_lines: await linesOf(store, turn) };
}

async function linesOf(store: Store, turn: Turn): Promise<CostLine[]> {
  const { rate_card, input_tokens, output_tokens } = turn;
  if (rate_card === null || input_tokens === null || output_tokens === null) return [];
  const card = await store
    .db<GatewayTables>()
    .selectFrom('rate_card')
    .select('rates')
    .where('id', '=', rate_card)
    .executeTakeFirst();
  if (!card) return [];
  return costLines(
    {
      inputTokens: input_tokens,
      outputTokens: output_tokens,
      cachedInputTokens: turn.cached_input_tokens ?? 0,
      cacheWriteTokens: turn.cache_write_tokens ?? 0,
      cacheWrite1hTokens: turn.cache_write_1h_tokens ?? 0,
    },
    JSON.parse(card.rates) as ModelRates,
  );
}
