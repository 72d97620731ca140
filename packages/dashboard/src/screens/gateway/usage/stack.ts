import type { UsageBucket, UsageRow } from '@vigiles/contract';
import { USAGE_TOP, type UsageMeasure } from '../../../data/gateway-queries.ts';

const HOUR_MS = 3_600_000;

/** What a row is worth in a measure. */
export const measures: Record<UsageMeasure, (row: Omit<UsageRow, 'p50_latency_ms'>) => number> = {
  cost: (row) => row.cost_micros,
  tokens: (row) => row.input_tokens + row.output_tokens,
  turns: (row) => row.turns,
};

/** One key over time. `values` is what it adds; `tops` is where it ends in the stack. */
export interface Layer {
  /** Null: all keys without a colour. */
  key: string | null;
  values: number[];
  tops: number[];
}

export interface Stack {
  /** Starts of the buckets, UTC seconds. */
  x: number[];
  /** From the foot of the stack up. */
  layers: Layer[];
  sum: number;
}

/** The keys that get a colour: the largest first. */
export const colouredKeys = (rows: readonly UsageRow[], measure: UsageMeasure): string[] =>
  rows
    .filter((row) => measures[measure](row) > 0)
    .toSorted((a, b) => measures[measure](b) - measures[measure](a))
    .slice(0, USAGE_TOP)
    .map(({ key }) => key);

/**
 * Buckets over a span, stacked by key. A bucket without a row had no turns: there 0 is known, not guessed.
 * @param keys those with a layer of their own; what others used is one layer on top
 */
export function stackUsage(
  series: readonly UsageBucket[],
  keys: readonly string[],
  measure: UsageMeasure,
  span: { since: number; until: number; bucket: 'hour' | 'day' },
): Stack {
  const step = span.bucket === 'hour' ? HOUR_MS : 24 * HOUR_MS;
  const first = Math.floor(span.since / step) * step;
  const starts: number[] = [];
  for (let at = first; at < span.until; at += step) starts.push(at);
  const read = measures[measure];
  const zeros = () => starts.map(() => 0);
  const layers = new Map<string | null, number[]>(keys.map((key) => [key, zeros()]));
  let sum = 0;
  for (const row of series) {
    const at = (row.start - first) / step;
    if (at < 0 || at >= starts.length || !Number.isInteger(at)) continue;
    const key = layers.has(row.key) ? row.key : null;
    const values = layers.get(key) ?? zeros();
    values[at] = (values[at] ?? 0) + read(row);
    layers.set(key, values);
    sum += read(row);
  }
  const below = zeros();
  const stacked = [...layers].map(([key, values]): Layer => {
    const tops = values.map((value, at) => (below[at] = (below[at] ?? 0) + value));
    return { key, values, tops };
  });
  return { x: starts.map((ms) => ms / 1000), layers: stacked, sum };
}
