import { sql } from 'kysely';
import type { Store } from '../../../platform/store/store.ts';
import type { UsageHourTable } from './money-tables.ts';

/** What the turns of one session have cost so far. */
export interface SessionUsage {
  turns: number;
  costMicros: number;
  inputTokens: number;
  cachedInputTokens: number;
  outputTokens: number;
}

const hourMs = 3_600_000;

/**
 * Sums of the ledger for a session, over the turns of these devices alone: anybody can put any session's name on a turn.
 * @param since UTC ms: the session was not there before
 */
export async function readSessionUsage(
  store: Store,
  { sessionId, devices, since }: { sessionId: string; devices: readonly string[]; since: number },
): Promise<SessionUsage> {
  // PostgreSQL sums bigints into texts.
  const sum = (column: keyof UsageHourTable) =>
    sql<number | string>`coalesce(sum(${sql.ref(column)}), 0)`.as(column);
  const row = await store
    .db<{ usage_hour: UsageHourTable }>()
    .selectFrom('usage_hour')
    .select([
      sum('turns'),
      sum('cost_micros'),
      sum('input_tokens'),
      sum('cached_input_tokens'),
      sum('output_tokens'),
    ])
    .where('hour', '>=', Math.floor(since / hourMs) * hourMs)
    .where('session_id', '=', sessionId)
    .where('device_id', 'in', devices.length > 0 ? [...devices] : [''])
    .executeTakeFirstOrThrow();
  return {
    turns: Number(row.turns),
    costMicros: Number(row.cost_micros),
    inputTokens: Number(row.input_tokens),
    cachedInputTokens: Number(row.cached_input_tokens),
    outputTokens: Number(row.output_tokens),
  };
}
