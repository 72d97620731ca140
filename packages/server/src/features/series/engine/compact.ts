import type { Log } from '../../../kernel/log.ts';
import { mergeSamples } from '../core/block.ts';
import type { Head } from '../core/head.ts';
import { join, newRollup, rollUp, type Rollup } from '../core/rollup.ts';
import { inOrder, type Samples } from '../core/samples.ts';
import { hourMs, packOf, type BlockRow, type SeriesStorage } from '../storage/storage.ts';
import type { LiveSeries } from './live-series.ts';
import { packBlock, packMinutes, packSums, unpackBlock } from './pack.ts';
import { readSums } from './sums.ts';

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

/** Hours that are written in one go, about 50 ms: charts are drawn in between. */
const perRound = 12;

/** The next few hours before `beforeHour` that wait to be written. */
export function nextClosing(all: Iterable<LiveSeries>, beforeHour: number): Closing[] {
  const closing: Closing[] = [];
  for (const series of all) {
    for (const [hour, head] of series.heads) {
      if (hour >= beforeHour) continue;
      closing.push({ series, hour, head });
      if (closing.length >= perRound) return closing;
    }
  }
  return closing;
}

/**
 * Writes hours as blocks and sums. What is already there of an hour is read first and joined, so that late samples and
 * a journal that is read twice change nothing they should not. On failure the samples stay where they were.
 */
export async function compact(closing: readonly Closing[], deps: CompactDeps): Promise<void> {
  for (const { series, hour } of closing) series.heads.delete(hour);
  try {
    await writeHours(closing, deps);
  } catch (thrown) {
    for (const { series, hour, head } of closing) putBack(series, hour, head);
    throw thrown;
  }
}

async function writeHours(
  closing: readonly Closing[],
  { storage, log, keepRaw }: CompactDeps,
): Promise<void> {
  const raw: BlockRow[] = [];
  const minutes: BlockRow[] = [];
  const hours = new Map<LiveSeries, Map<number, Rollup>>();
  for (const [hour, part] of Map.groupBy(closing, (each) => each.hour)) {
    const ids = part.map(({ series }) => series.stored.id);
    const kept = new Map((await storage.read('raw', ids, hour, hour + 1)).map((row) => [row.series, row]));
    for (const { series, head } of part) {
      const { stored } = series;
      const samples = withKept(inOrder(head.samples()), kept.get(stored.id), series, log);
      const at = { series: stored.id, slot: hour };
      if (keepRaw()) raw.push({ ...at, data: packBlock(samples, stored) });
      minutes.push({ ...at, data: packMinutes(rollUp(samples, 60_000, stored), hour * 60) });
      const whole = rollUp(samples, hourMs, stored).get(hour);
      if (!whole) continue;
      if (!hours.has(series)) hours.set(series, new Map());
      hours.get(series)?.set(hour, whole);
    }
  }
  await storage.write('raw', raw);
  await storage.write('1m', minutes);
  const days = await writeSums('1h', hours, storage, log);
  await writeSums('1d', days, storage, log);
}

/** Samples came for that hour while it was being written: they follow those that go back. */
function putBack(series: LiveSeries, hour: number, head: Head): void {
  series.heads.get(hour)?.each((ts, value, state) => head.push(ts, value, state));
  series.heads.set(hour, head);
}

function withKept(samples: Samples, kept: BlockRow | undefined, { stored }: LiveSeries, log: Log): Samples {
  if (!kept) return samples;
  try {
    return mergeSamples(unpackBlock(kept.data, stored), samples);
  } catch (thrown) {
    log.warn(
      { err: thrown, series: stored.name, target: stored.target, hour: kept.slot },
      'A damaged block was replaced',
    );
    return samples;
  }
}

/** Writes sums beside those they share a row with. @returns the rows' days, summed anew from their hours */
async function writeSums(
  level: '1h' | '1d',
  news: ReadonlyMap<LiveSeries, ReadonlyMap<number, Rollup>>,
  storage: SeriesStorage,
  log: Log,
): Promise<Map<LiveSeries, Map<number, Rollup>>> {
  const written: BlockRow[] = [];
  const days = new Map<LiveSeries, Map<number, Rollup>>();
  const changes = [...news].flatMap(([series, sums]) =>
    [...sums].map(([slot, sum]) => ({ series, slot, sum })),
  );
  for (const [base, part] of Map.groupBy(changes, ({ slot }) => packOf(level, slot).from)) {
    const ids = [...new Set(part.map(({ series }) => series.stored.id))];
    const known = await readSums(storage, level, ids, packOf(level, base), log);
    for (const [series, own] of Map.groupBy(part, (each) => each.series)) {
      const sums = known.get(series.stored.id) ?? new Map<number, Rollup>();
      for (const { slot, sum } of own) {
        sums.set(slot, sum);
        series.looks?.[level === '1h' ? 'hours' : 'days'].set(slot, sum.looks);
      }
      written.push({ series: series.stored.id, slot: base, data: packSums(sums, base) });
      if (level === '1d') continue;
      if (!days.has(series)) days.set(series, new Map());
      days.get(series)?.set(base / 24, allOf(sums.values()));
    }
  }
  await storage.write(level, written);
  return days;
}

function allOf(sums: Iterable<Rollup>): Rollup {
  const all = newRollup();
  for (const sum of sums) join(all, sum);
  return all;
}
