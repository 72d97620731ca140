import {
  join as joinSums,
  newRollup,
  rollUp,
  type Rollup,
} from '../packages/server/src/features/series/core/rollup.ts';
import type { createEngine } from '../packages/server/src/features/series/engine/engine.ts';
import { packMinutes, packSums } from '../packages/server/src/features/series/engine/pack.ts';
import { packOf, type SeriesStorage } from '../packages/server/src/features/series/storage/storage.ts';
import { latencyBlock } from '../packages/server/src/features/series/testing/figures.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
export const precision = { scale: 1000, bits: 5 };
const shapes = 12;
const anyHour = Math.floor(Date.UTC(2026, 5, 1) / dayMs) * dayMs;

const sumOf = (seed: number, at: number): Rollup =>
  [...rollUp(latencyBlock(seed, anyHour + at * hourMs), hourMs, precision).values()][0] ?? newRollup();

/**
 * The past of every series as compaction would have written it: minutes of a day, hours of `hourDays` days, days of a year.
 * Twelve shapes over and over; a day is the sum of 24 different ones, so that its histogram is as wide as they get.
 */
export async function writePast(
  storage: SeriesStorage,
  ids: readonly number[],
  end: number,
  hourDays: number,
): Promise<void> {
  const each = Array.from({ length: shapes }, (_, shape) => shape);
  const hours = each.map((shape) => Array.from({ length: 24 }, (_, at) => sumOf(shape * 24 + at + 1, at)));
  const minutes = each.map((shape) =>
    packMinutes(rollUp(latencyBlock(shape + 1, anyHour), 60_000, precision), anyHour / 60_000),
  );
  const dayRows = hours.map((sums) => packSums(new Map(sums.map((sum, at) => [at, sum])), 0));
  const days = hours.map((sums) => {
    const day = newRollup();
    for (const sum of sums) joinSums(day, sum);
    return day;
  });
  const pick = <Value>(list: readonly Value[], at: number): Value => {
    const found = list[at % shapes];
    if (found === undefined) throw new Error('no shape');
    return found;
  };
  const today = end / dayMs;
  for (let hour = 1; hour <= 24; hour += 1)
    await storage.write(
      '1m',
      ids.map((series) => ({ series, slot: end / hourMs - hour, data: pick(minutes, series + hour) })),
    );
  for (let day = today - 1; day >= today - hourDays; day -= 1)
    await storage.write(
      '1h',
      ids.map((series) => ({ series, slot: day * 24, data: pick(dayRows, series + day) })),
    );
  for (let day = today - 1; day > today - 366;) {
    const { from } = packOf('1d', day);
    const months = each.map((shape) =>
      packSums(
        new Map(Array.from({ length: day - from + 1 }, (_, at) => [from + at, pick(days, shape + at)])),
        from,
      ),
    );
    await storage.write(
      '1d',
      ids.map((series) => ({ series, slot: from, data: pick(months, series) })),
    );
    day = from - 1;
  }
}

/** CPU of the samples of an hour, second by second as they come, and of writing them as blocks; milliseconds. */
export async function playHour(
  engine: ReturnType<typeof createEngine>,
  ids: readonly number[],
  start: number,
  clock: { now: number },
): Promise<{ takingMs: number; writingMs: number }> {
  const cpu = () => process.cpuUsage().user + process.cpuUsage().system;
  const all = ids.map((id, at) => ({ id, samples: latencyBlock(at + 1, start) }));
  const before = cpu();
  for (let second = 0; second < 3600; second += 1) {
    clock.now = start + second * 1000;
    const slice = all.filter((_, at) => at % 5 === second % 5);
    const place = Math.floor(second / 5);
    await engine.take({
      ids: Uint32Array.from(slice, ({ id }) => id),
      ts: Float64Array.from(slice, ({ samples }) => samples.ts[place] ?? clock.now),
      values: Float64Array.from(slice, ({ samples }) => samples.values[place] ?? 0),
      states: Uint8Array.from(slice, () => 1),
    });
  }
  const taken = cpu();
  clock.now = start + hourMs + 120_000;
  await engine.compact();
  return { takingMs: (taken - before) / 1000, writingMs: (cpu() - taken) / 1000 };
}
