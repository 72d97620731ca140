import { sql, type RawBuilder } from 'kysely';
import type { UsageBucket, UsageRow } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import { medianLatency } from '../core/latency-buckets.ts';
import { USAGE_SUMS } from '../ledger/money-tables.ts';

export const usageDimensions = [
  'model',
  'provider',
  'device',
  'session',
  'workspace',
  'hour',
  'day',
] as const;
export type UsageDimension = (typeof usageDimensions)[number];

/** What sums are grouped by, as SQL that both databases read. Hours and days are UTC ms of their start. */
const KEYS: Record<UsageDimension, string> = {
  model: 'model',
  provider: 'provider',
  device: 'device_id',
  session: 'session_id',
  workspace: 'workspace',
  hour: 'cast(hour as text)',
  day: 'cast(hour / 86400000 * 86400000 as text)',
};

/** How long turns took is kept by these; the others have no median. */
const WITH_LATENCY: ReadonlySet<UsageDimension> = new Set(['model', 'provider', 'device', 'hour', 'day']);

/** More rows than anybody reads. */
export const MAX_ROWS = 1000;
const MAX_BUCKETS = 20_000;

/** A span of whole hours: sums are kept by the hour, so the hours that `since` and `until` lie in are counted whole. */
export interface UsageSpan {
  since: number;
  until: number;
}

const SUMS = sql.raw(USAGE_SUMS.map((name) => `sum(${name}) as ${name}`).join(', '));
const within = ({ since, until }: UsageSpan): RawBuilder<unknown> =>
  sql`hour >= ${Math.floor(since / 3_600_000) * 3_600_000} and hour < ${until}`;

/** Usage by one dimension, largest first (times: oldest first). Reads sums by the hour. */
export async function usageReport(
  store: Store,
  by: UsageDimension,
  span: UsageSpan,
  { limit, measure }: { limit: number; measure: UsageMeasure } = { limit: MAX_ROWS, measure: 'cost' },
): Promise<UsageRow[]> {
  const key = sql.raw(KEYS[by]);
  const order = sql.raw(
    by === 'hour' || by === 'day' ? 'key asc' : `${WORTH[measure]} desc, turns desc, key asc`,
  );
  const rows = await report(
    store,
    sql`select ${key} as key, ${SUMS} from usage_hour where ${within(span)} group by 1 order by ${order} limit ${limit}`,
  );
  const medians = WITH_LATENCY.has(by) ? await latencies(store, key, span) : new Map<string, number>();
  return rows.map((row) => {
    const sums = sumsOf(row);
    return Object.assign(sums, { p50_latency_ms: medians.get(sums.key) ?? null });
  });
}

/** What keys are ranked by. */
export const usageMeasures = ['cost', 'tokens', 'turns'] as const;
export type UsageMeasure = (typeof usageMeasures)[number];

const WORTH: Record<UsageMeasure, string> = {
  cost: 'sum(cost_micros)',
  tokens: 'sum(input_tokens + output_tokens)',
  turns: 'sum(turns)',
};

/** The key of all that have no row of their own. */
const REST = '*';

/**
 * The same over time: one row for each key and hour or day, oldest first.
 * @param top only so many keys, the largest by a measure, are told apart; all others are one, called `*`
 */
export async function usageOverTime(
  store: Store,
  by: UsageDimension,
  bucket: 'hour' | 'day',
  span: UsageSpan,
  top?: { count: number; measure: UsageMeasure },
): Promise<UsageBucket[]> {
  const start = sql.raw(bucket === 'hour' ? 'hour' : 'hour / 86400000 * 86400000');
  const key = top ? await amongTheLargest(store, sql.raw(KEYS[by]), span, top) : sql.raw(KEYS[by]);
  const rows = await report(
    store,
    sql`select ${start} as start, ${key} as key, ${SUMS} from usage_hour where ${within(span)}
      group by 1, 2 order by 1, 2 limit ${MAX_BUCKETS}`,
  );
  return rows.map((row) => Object.assign(sumsOf(row), { start: Number(row['start']) }));
}

/** The key as SQL, and `*` for those that are not among the largest. */
async function amongTheLargest(
  store: Store,
  key: RawBuilder<unknown>,
  span: UsageSpan,
  { count, measure }: { count: number; measure: UsageMeasure },
): Promise<RawBuilder<unknown>> {
  const largest = await report(
    store,
    sql`select ${key} as key from usage_hour where ${within(span)}
      group by 1 order by ${sql.raw(WORTH[measure])} desc, 1 limit ${count}`,
  );
  if (largest.length === 0) return key;
  const names = sql.join(largest.map((row) => String(row['key'])));
  return sql`case when ${key} in (${names}) then ${key} else ${sql.lit(REST)} end`;
}

async function latencies(
  store: Store,
  key: RawBuilder<unknown>,
  span: UsageSpan,
): Promise<Map<string, number | null>> {
  const counts = new Map<string, Map<number, number>>();
  const rows = await report(
    store,
    sql`select ${key} as key, bucket, sum(turns) as turns from usage_latency where ${within(span)} group by 1, 2`,
  );
  for (const row of rows) {
    const name = String(row['key']);
    const buckets = counts.get(name) ?? new Map<number, number>();
    counts.set(name, buckets.set(Number(row['bucket']), Number(row['turns'])));
  }
  return new Map([...counts].map(([name, buckets]) => [name, medianLatency(buckets)]));
}

function report(store: Store, query: RawBuilder<unknown>): Promise<Record<string, unknown>[]> {
  const compiled = query.compile(store.db<unknown>());
  return store.report(compiled.sql, compiled.parameters);
}

const sumsOf = (row: Record<string, unknown>) => ({
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
});
