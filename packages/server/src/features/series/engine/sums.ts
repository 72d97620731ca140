import type { Log } from '../../../kernel/log.ts';
import type { Looks, Rollup } from '../core/rollup.ts';
import { packOf, type BlockRow, type SeriesStorage } from '../storage/storage.ts';
import { unpackLooks, unpackSums } from './pack.ts';

type SumLevel = '1h' | '1d';
/** By series, then by slot. */
type BySeries<Value> = Map<number, Map<number, Value>>;

/**
 * Sums of whole rows that slots `from` up to, without, `to` lie in. A row of many stands before rows of a single sum, as
 * they were written at first, and holds what they held. Damaged rows are gaps.
 */
export const readSums = (
  storage: SeriesStorage,
  level: SumLevel,
  series: readonly number[],
  span: { from: number; to: number },
  log: Log,
): Promise<BySeries<Rollup>> => readRows(storage, level, series, span, unpackSums, log);

/** The same for looks alone. */
export const readLooks = (
  storage: SeriesStorage,
  level: SumLevel,
  series: readonly number[],
  span: { from: number; to: number },
  log: Log,
): Promise<BySeries<Looks>> => readRows(storage, level, series, span, unpackLooks, log);

async function readRows<Value>(
  storage: SeriesStorage,
  level: SumLevel,
  series: readonly number[],
  { from, to }: { from: number; to: number },
  unpack: (data: Uint8Array, base: number) => Map<number, Value>,
  log: Log,
): Promise<BySeries<Value>> {
  const found: BySeries<Value> = new Map();
  if (from >= to) return found;
  const rows = await storage.read(level, series, packOf(level, from).from, packOf(level, to - 1).to);
  for (const row of rows) {
    let sums = found.get(row.series);
    if (!sums) found.set(row.series, (sums = new Map()));
    for (const [slot, value] of unpackOr(row, unpack, log)) if (!sums.has(slot)) sums.set(slot, value);
  }
  return found;
}

function unpackOr<Value>(
  row: BlockRow,
  unpack: (data: Uint8Array, base: number) => Map<number, Value>,
  log: Log,
): Map<number, Value> {
  try {
    return unpack(row.data, row.slot);
  } catch (thrown) {
    log.warn({ err: thrown, series: row.series, slot: row.slot }, 'A damaged sum was left out');
    return new Map();
  }
}
