import { sql } from 'kysely';
import type { UsageRow } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';

export const usageDimensions = ['model', 'provider', 'device', 'session', 'hour'] as const;
export type UsageDimension = (typeof usageDimensions)[number];

/** What turns are grouped by, as SQL that both databases read. Hours are UTC ms of their start. */
const KEYS: Record<UsageDimension, string> = {
  model: 'model',
  provider: 'provider',
  device: 'device_id',
  session: "coalesce(session_id, '')",
  hour: 'cast(ts / 3600000 * 3600000 as text)',
};

const MAX_ROWS = 1000;

/** Usage of the turns that started in `[since, until)`, dearest first (hours: oldest first). Runs as a report. */
export async function usageReport(
  store: Store,
  by: UsageDimension,
  since: number,
  until: number,
): Promise<UsageRow[]> {
  const key = sql.raw(KEYS[by]);
  const order = sql.raw(by === 'hour' ? 'key asc' : 'cost_micros desc, turns desc, key asc');
  const compiled = sql`
    with ranked as (
      select ${key} as key, outcome, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens,
        reasoning_tokens, cost_micros, latency_ms,
        row_number() over (partition by ${key} order by latency_ms) as place,
        count(*) over (partition by ${key}) as places
      from turn where ts >= ${since} and ts < ${until}
    )
    select key,
      count(*) as turns,
      sum(case when outcome in ('ok', 'client_aborted') then 0 else 1 end) as errors,
      coalesce(sum(input_tokens), 0) as input_tokens,
      coalesce(sum(cached_input_tokens), 0) as cached_input_tokens,
      coalesce(sum(cache_write_tokens), 0) as cache_write_tokens,
      coalesce(sum(output_tokens), 0) as output_tokens,
      coalesce(sum(reasoning_tokens), 0) as reasoning_tokens,
      coalesce(sum(cost_micros), 0) as cost_micros,
      sum(case when cost_micros is null then 1 else 0 end) as unpriced_turns,
      max(case when place = (places + 1) / 2 then latency_ms end) as p50_latency_ms
    from ranked group by key order by ${order} limit ${MAX_ROWS}`.compile(store.db<unknown>());
  const rows = await store.report<Record<string, unknown>>(compiled.sql, compiled.parameters);
  return rows.map((row) => ({
    key: String(row['key']),
    turns: Number(row['turns']),
    errors: Number(row['errors']),
    input_tokens: Number(row['input_tokens']),
    cached_input_tokens: Number(row['cached_input_tokens']),
    cache_write_tokens: Number(row['cache_write_tokens']),
    output_tokens: Number(row['output_tokens']),
    reasoning_tokens: Number(row['reasoning_tokens']),
    cost_micros: Number(row['cost_micros']),
    unpriced_turns: Number(row['unpriced_turns']),
    p50_latency_ms: row['p50_latency_ms'] === null ? null : Number(row['p50_latency_ms']),
  }));
}
