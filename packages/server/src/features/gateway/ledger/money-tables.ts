import { sql, type Kysely } from 'kysely';

/** Sums of the ledger by hour, so that no report reads every turn; `''` stands for "none" in the key. */
export interface UsageHourTable {
  /** UTC ms of its start. */
  hour: number;
  device_id: string;
  provider: string;
  model: string;
  workspace: string;
  session_id: string;
  turns: number;
  errors: number;
  unpriced_turns: number;
  input_tokens: number;
  cached_input_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost_micros: number;
  counted_micros: number;
}

/** How long turns took, by hour: `bucket` is an index of `core/latency-buckets.ts`. */
export interface UsageLatencyTable {
  hour: number;
  device_id: string;
  provider: string;
  model: string;
  bucket: number;
  turns: number;
}

/** The rates a turn was priced with, kept for as long as anybody may ask how a price came about. */
export interface RateCardTable {
  id: string;
  provider: string;
  model: string;
  /** JSON of `ModelRates`. */
  rates: string;
  first_used: number;
}

/** Thresholds that were told: a restart must not tell them again. */
export interface BudgetAlertTable {
  /** `device:dev_1`, `whole`. */
  budget: string;
  span: string;
  starts_at: number;
  threshold_percent: number;
  told_at: number;
}

export const USAGE_KEYS = ['hour', 'device_id', 'provider', 'model', 'workspace', 'session_id'] as const;
export const USAGE_SUMS = [
  'turns',
  'errors',
  'unpriced_turns',
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost_micros',
  'counted_micros',
] as const;

/** Creates the tables around money, and fills the sums from the turns that are there. */
export async function createMoneyTables(db: Kysely<never>): Promise<void> {
  const texts = ['device_id', 'provider', 'model', 'workspace', 'session_id'];
  const needed = (names: readonly string[], type: string): string =>
    names.map((name) => `${name} ${type} not null`).join(', ');
  const create = (definition: string) => sql.raw(`create table ${definition}`).execute(db);
  await create(`usage_hour (hour bigint not null, ${needed(texts, 'text')}, ${needed(USAGE_SUMS, 'bigint')},
    primary key (${USAGE_KEYS.join(', ')}))`);
  await create(`usage_latency (hour bigint not null, ${needed(['device_id', 'provider', 'model'], 'text')},
    bucket integer not null, turns bigint not null, primary key (hour, device_id, provider, model, bucket))`);
  await create(`rate_card (id text primary key not null, ${needed(['provider', 'model', 'rates'], 'text')},
    first_used bigint not null)`);
  await create(`budget_alert (${needed(['budget', 'span'], 'text')}, starts_at bigint not null,
    threshold_percent integer not null, told_at bigint not null,
    primary key (budget, span, starts_at, threshold_percent))`);

  await sql`
    insert into usage_hour (${sql.raw([...USAGE_KEYS, ...USAGE_SUMS].join(', '))})
    select ts / 3600000 * 3600000, device_id, provider, model, coalesce(workspace, ''), coalesce(session_id, ''),
      count(*),
      sum(case when outcome in ('ok', 'client_aborted') then 0 else 1 end),
      sum(case when cost_micros is null then 1 else 0 end),
      coalesce(sum(input_tokens), 0), coalesce(sum(cached_input_tokens), 0), coalesce(sum(cache_write_tokens), 0),
      coalesce(sum(output_tokens), 0), coalesce(sum(reasoning_tokens), 0),
      coalesce(sum(cost_micros), 0), coalesce(sum(counted_micros), 0)
    from turn group by 1, 2, 3, 4, 5, 6`.execute(db);
}
