import { sql } from 'kysely';
import type { Store } from '../../../platform/store/store.ts';

/** What a device asked of models in the last day. */
export interface ModelUse {
  requests: number;
  tokens: number;
}

const hourMs = 3_600_000;

/** Sums of the ledger by device over the last 24 hours, by the hour as it keeps them. */
export async function readModelUse(store: Store, now: number): Promise<Map<string, ModelUse>> {
  const since = Math.floor(now / hourMs) * hourMs - 23 * hourMs;
  const query =
    sql`select device_id as device, sum(turns) as turns, sum(input_tokens + output_tokens) as tokens
    from usage_hour where hour >= ${since} group by 1`.compile(store.db<unknown>());
  const rows = await store.report<Record<string, unknown>>(query.sql, query.parameters);
  return new Map(
    rows.map((row) => [
      String(row['device']),
      { requests: Number(row['turns']), tokens: Number(row['tokens']) },
    ]),
  );
}
