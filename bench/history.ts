/**
 * History of figures: `node bench/history.ts`. Bytes a sample against plain rows, what a second of 1,000 checks every
 * 5 s costs, and how long charts over 1,000 targets take. One day of samples is written, and hours of a year.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../packages/server/src/features/series/engine/engine.ts';
import { packRollup } from '../packages/server/src/features/series/engine/pack.ts';
import { newRollup, rollUp } from '../packages/server/src/features/series/core/rollup.ts';
import { openSqliteStorage } from '../packages/server/src/features/series/storage/sqlite-storage.ts';
import { latencyBlock } from '../packages/server/src/features/series/testing/figures.ts';
import { openConnection } from '../packages/server/src/platform/store/sqlite/open-connection.ts';
import { silentLog } from '../packages/server/src/kernel/log.ts';

const hourMs = 3_600_000;
const targets = 1000;
const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-history-'));
const precision = { scale: 1000, bits: 5 };
const end = Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs;
let now = end;
const rules = {
  rawDays: 3650,
  minuteDays: 3650,
  hourDays: 3650,
  maxBytes: 1e12,
  minFreeBytes: 0,
  maxSeries: 1e6,
};
const cpu = () => process.cpuUsage().user + process.cpuUsage().system;
const sizeOf = (folder: string, like: RegExp) =>
  readdirSync(folder)
    .filter((name) => like.test(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

try {
  const folder = join(home, 'series');
  const storage = await openSqliteStorage(folder, silentLog);
  const engine = createEngine({ storage, log: silentLog, now: () => now, rules });
  await engine.start();
  const ids = await engine.ensure(
    Array.from({ length: targets }, (_, at) => ({ name: 'latency', target: `t${at}`, ...precision })),
  );

  // A year of hours and days, as compaction would have written them: twelve shapes, over and over.
  const shapes = Array.from({ length: 12 }, (_, at) => {
    const samples = latencyBlock(at + 1, end - hourMs);
    return packRollup([...rollUp(samples, hourMs, precision).values()][0] ?? newRollup());
  });
  const shape = (at: number) => shapes[at % shapes.length] ?? new Uint8Array();
  for (let day = 1; day <= 365; day += 1) {
    const slot = end / (24 * hourMs) - day;
    await storage.write(
      '1d',
      ids.map((series) => ({ series, slot, data: shape(series + day) })),
    );
    if (day > 31) continue;
    for (let hour = 0; hour < 24; hour += 1)
      await storage.write(
        '1h',
        ids.map((series) => ({ series, slot: slot * 24 + hour, data: shape(series + hour) })),
      );
  }

  // Hours of samples, second by second as they come.
  const hours = 3;
  const batchCpu: number[] = [];
  let compactCpu = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    const start = end + hour * hourMs;
    const all = ids.map((_, at) => latencyBlock(at + hour * targets + 1, start));
    for (let second = 0; second < 3600; second += 1) {
      now = start + second * 1000;
      const slice = ids.map((id, at) => ({ id, samples: all[at] })).filter((_, at) => at % 5 === second % 5);
      const place = Math.floor(second / 5);
      const batch = {
        ids: Uint32Array.from(slice, ({ id }) => id),
        ts: Float64Array.from(slice, ({ samples }) => samples?.ts[place] ?? now),
        values: Float64Array.from(slice, ({ samples }) => samples?.values[place] ?? 0),
        states: Uint8Array.from(slice, () => 1),
      };
      const before = cpu();
      await engine.take(batch);
      batchCpu.push((cpu() - before) / 1000);
    }
    now = start + hourMs + 120_000;
    const before = cpu();
    await engine.compact();
    compactCpu += (cpu() - before) / 1000;
  }
  const samples = hours * targets * 720;
  const raw = sizeOf(folder, new RegExp(`^${new Date(end).toISOString().slice(0, 7)}-raw\\.db$`));
  const minutes = sizeOf(folder, /-1m\.db$/);

  // The same samples as rows with an index, as most monitors keep them.
  const plain = openConnection(join(home, 'plain.db'), false);
  plain.exec(
    'create table beat (service text, ts integer, state text, latency real); create index b on beat (service, ts)',
  );
  plain.exec('begin');
  const rows = latencyBlock(1, end);
  for (let at = 0; at < 100; at += 1)
    for (const [place, ts] of rows.ts.entries())
      plain.run('insert into beat values (?, ?, ?, ?)', [`t${at}`, ts, 'UP', rows.values[place]]);
  plain.exec('commit');
  plain.close();
  const rowBytes = statSync(join(home, 'plain.db')).size / (100 * 720);

  console.log(`bytes a sample: ${(raw / samples).toFixed(2)} (plain rows: ${rowBytes.toFixed(1)})`);
  console.log(`minutes: ${(minutes / (hours * 60 * targets)).toFixed(1)} bytes a minute and target`);
  const year =
    ((raw / samples) * 6.31e9 + (minutes / (hours * 60 * targets)) * 50.4e6 + 8.76e6 * shape(0).length) / 1e9;
  console.log(
    `a year of ${targets} checks every 5 s: ${year.toFixed(1)} GB with all sums (plain rows: ${(rowBytes * 6.31).toFixed(0)} GB)`,
  );
  batchCpu.sort((a, b) => a - b);
  const mean = batchCpu.reduce((sum, each) => sum + each, 0) / batchCpu.length;
  console.log(
    `a second of samples in the thread: ${mean.toFixed(2)} ms CPU; an hour's blocks: ${(compactCpu / hours).toFixed(0)} ms CPU`,
  );

  const day = 24 * hourMs;
  for (const [label, span, count] of [
    ['1 h', hourMs, 1],
    ['24 h', day, 1],
    ['30 d', 30 * day, 1],
    ['1 y', 365 * day, 1],
    ['24 h, 5 targets', day, 5],
  ] as const) {
    const times: number[] = [];
    for (let at = 0; at < 200; at += 1) {
      const lines = Array.from({ length: count }, (_, more) => ({
        name: 'latency',
        target: `t${(at * 37 + more * 11) % targets}`,
      }));
      const before = performance.now();
      await engine.query({ lines, from: now - span, to: now, points: 300 });
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    console.log(`chart of ${label}: p50 ${times[100]?.toFixed(1)} ms, p99 ${times[197]?.toFixed(1)} ms`);
  }
  await engine.close();
} finally {
  rmSync(home, { recursive: true, force: true });
}
