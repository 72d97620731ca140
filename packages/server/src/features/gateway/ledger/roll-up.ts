import type { Turn } from '@vigiles/contract';
import type { Store } from '../../../platform/store/store.ts';
import type { RunSql } from '../../../platform/store/writer.ts';
import { latencyBucket } from '../core/latency-buckets.ts';
import { USAGE_KEYS, USAGE_SUMS } from './money-tables.ts';

export const HOUR_MS = 3_600_000;

/**
 * Adds turns to the sums by hour, in the transaction that writes them: reports read sums, and nobody ever adds up the
 * whole ledger. A batch falls into few groups, so this is a handful of statements.
 */
export async function rollUp(run: RunSql, dialect: Store['dialect'], turns: readonly Turn[]): Promise<void> {
  const hours = new Map<string, Group>();
  const latencies = new Map<string, Group>();
  for (const turn of turns) {
    const hour = Math.floor(turn.ts / HOUR_MS) * HOUR_MS;
    const { device_id, provider, model } = turn;
    const key = [hour, device_id, provider, model, turn.workspace ?? '', turn.session_id ?? ''];
    add(hours, key, [
      1,
      turn.outcome === 'ok' || turn.outcome === 'client_aborted' ? 0 : 1,
      turn.cost_micros === null ? 1 : 0,
      turn.input_tokens ?? 0,
      turn.cached_input_tokens ?? 0,
      turn.cache_write_tokens ?? 0,
      turn.output_tokens ?? 0,
      turn.reasoning_tokens ?? 0,
      turn.cost_micros ?? 0,
      turn.counted_micros,
    ]);
    add(latencies, [hour, device_id, provider, model, latencyBucket(turn.latency_ms)], [1]);
  }
  const [usage, latency] = dialect === 'postgres' ? TEXTS.postgres : TEXTS.sqlite;
  // Always in the same order: gateways that write at once wait for each other instead of locking each other out.
  for (const { parameters } of inOrder(hours)) await run(usage, parameters);
  for (const { parameters } of inOrder(latencies)) await run(latency, parameters);
}

interface Group {
  name: string;
  parameters: (string | number)[];
  /** Where the sums begin. */
  sumsAt: number;
}

function add(groups: Map<string, Group>, key: (string | number)[], amounts: readonly number[]): void {
  const name = key.join('\n');
  const group = groups.get(name);
  if (!group) {
    groups.set(name, { name, parameters: [...key, ...amounts], sumsAt: key.length });
    return;
  }
  for (const [i, amount] of amounts.entries())
    group.parameters[group.sumsAt + i] = (group.parameters[group.sumsAt + i] as number) + amount;
}

const inOrder = (groups: ReadonlyMap<string, Group>): Group[] =>
  [...groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

function upsert(
  dialect: Store['dialect'],
  table: string,
  keys: readonly string[],
  sums: readonly string[],
): string {
  const columns = [...keys, ...sums];
  const marks = columns.map((_, i) => (dialect === 'postgres' ? `$${i + 1}` : '?'));
  const added = sums.map((sum) => `${sum} = ${table}.${sum} + excluded.${sum}`);
  return `insert into ${table} (${columns.join(',')}) values (${marks.join(',')}) on conflict (${keys.join(',')}) do update set ${added.join(',')}`;
}

const LATENCY_KEYS = ['hour', 'device_id', 'provider', 'model', 'bucket'];
const textsFor = (dialect: Store['dialect']) =>
  [
    upsert(dialect, 'usage_hour', USAGE_KEYS, USAGE_SUMS),
    upsert(dialect, 'usage_latency', LATENCY_KEYS, ['turns']),
  ] as const;
const TEXTS = { sqlite: textsFor('sqlite'), postgres: textsFor('postgres') };
