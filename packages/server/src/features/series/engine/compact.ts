import type { Log } from '../../../kernel/log.ts';
import { mergeSamples } from '../core/block.ts';
import type { Head } from '../core/head.ts';
import { join, newRollup, rollUp, type Rollup } from '../core/rollup.ts';
import { inOrder, type Samples } from '../core/samples.ts';
import { hourMs, type BlockRow, type SeriesStorage } from '../storage/storage.ts';
import type { LiveSeries } from './live-series.ts';
import { packBlock, packMinutes, packRollup, unpackBlock, unpackLooks, unpackRollup } from './pack.ts';

/** An hour of one series that becomes a block. */
interface Closing {
  series: LiveSeries;
  hour: number;
  head: Head;
}

export interface CompactDeps {
  storage: SeriesStorage;
  log: Log;
  /** False: only sums are written, no single samples; there is no room for them. */
  keepRaw(): boolean;
}

/** Series that are written in one go: other questions get a turn in between. */
const perRound = 100;

/** The next few hours before `beforeHour` that wait to be written. */
export function nextClosing(all: Iterable<LiveSeries>, beforeHour: number): Closing[] {
  const closing: Closing[] = [];
  for (const series of all) {
    for (const [hour, head] of series.heads) {
      if (hour >= beforeHour) continue;
      closing.push({ series, hour, head });
    }
    if (closing.length >= perRound) break;
  }
  return closing;
}

/**
 * Writes hours as blocks and sums. What is already there of an hour is read first and joined, so that late samples and
 * a journal that is read twice change nothing they should not. On failure the samples stay where they were.
 */
export async function compact(
  closing: readonly Closing[],
  { storage, log, keepRaw }: CompactDeps,
): Promise<void> {
  for (const { series, hour } of closing) series.heads.delete(hour);
  try {
    const raw: BlockRow[] = [];
    const minutes: BlockRow[] = [];
    const hours: BlockRow[] = [];
    for (const { series, hour, head } of closing) {
      const { stored } = series;
      const samples = await withKept(inOrder(head.samples()), series, hour, storage, log);
      const at = { series: stored.id, slot: hour };
      if (keepRaw()) raw.push({ ...at, data: packBlock(samples, stored) });
      minutes.push({ ...at, data: packMinutes(rollUp(samples, 60_000, stored), hour * 60) });
      const whole = rollUp(samples, hourMs, stored).get(hour);
      if (!whole) continue;
      hours.push({ ...at, data: packRollup(whole) });
      series.looks?.hours.set(hour, whole.looks);
    }
    await storage.write('raw', raw);
    await storage.write('1m', minutes);
    await storage.write('1h', hours);
    await writeDays(closing, storage, log);
  } catch (thrown) {
    for (const { series, hour, head } of closing) putBack(series, hour, head);
    throw thrown;
  }
}

/** Samples came for that hour while it was being written: they follow those that go back. */
function putBack(series: LiveSeries, hour: number, head: Head): void {
  series.heads.get(hour)?.each((ts, value, state) => head.push(ts, value, state));
  series.heads.set(hour, head);
}

async function withKept(
  samples: Samples,
  { stored }: LiveSeries,
  hour: number,
  storage: SeriesStorage,
  log: Log,
): Promise<Samples> {
  const [kept] = await storage.read('raw', [stored.id], hour, hour + 1);
  if (!kept) return samples;
  try {
    return mergeSamples(unpackBlock(kept.data, stored), samples);
  } catch (thrown) {
    log.warn(
      { err: thrown, series: stored.name, target: stored.target, hour },
      'A damaged block was replaced',
    );
    return samples;
  }
}

/** Days are made anew from their hours. */
async function writeDays(closing: readonly Closing[], storage: SeriesStorage, log: Log): Promise<void> {
  const byDay = Map.groupBy(closing, ({ hour }) => Math.floor(hour / 24));
  const rows: BlockRow[] = [];
  for (const [day, part] of byDay) {
    const ids = [...new Set(part.map(({ series }) => series.stored.id))];
    const bySeries = Map.groupBy(await storage.read('1h', ids, day * 24, day * 24 + 24), (row) => row.series);
    for (const { series } of part) {
      const sum = newRollup();
      for (const row of bySeries.get(series.stored.id) ?? []) {
        const rollup = readRollup(row, log);
        if (rollup) join(sum, rollup);
      }
      bySeries.delete(series.stored.id);
      if (sum.count + looksIn(sum) === 0) continue;
      rows.push({ series: series.stored.id, slot: day, data: packRollup(sum) });
      series.looks?.days.set(day, sum.looks);
    }
  }
  await storage.write('1d', rows);
}

const looksIn = ({ looks }: Rollup): number => looks.up + looks.down + looks.unknown + looks.planned;

/** Null for what is damaged: a gap. */
export function readRollup(row: BlockRow, log: Log): Rollup | null {
  try {
    return unpackRollup(row.data);
  } catch (thrown) {
    log.warn({ err: thrown, series: row.series, slot: row.slot }, 'A damaged sum was left out');
    return null;
  }
}

/** The same for looks alone. */
export function readLooks(row: BlockRow): ReturnType<typeof unpackLooks> | null {
  try {
    return unpackLooks(row.data);
  } catch {
    return null;
  }
}
