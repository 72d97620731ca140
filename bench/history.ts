import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../packages/server/src/features/series/engine/engine.ts';
import { openSqliteStorage } from '../packages/server/src/features/series/storage/sqlite-storage.ts';
import { silentLog } from '../packages/server/src/kernel/log.ts';
import { dayMs, hourMs, playHour, precision, writePast } from './history-data.ts';
import { plainRows } from './plain-rows.ts';
import { summarise } from './statistics.ts';
import type { Row } from './table.ts';

const targets = 1000;
const rules = {
  rawDays: 3650,
  minuteDays: 3650,
  hourDays: 3650,
  maxBytes: 1e12,
  minFreeBytes: 0,
  maxSeries: 1e6,
};

const charts = [
  { label: '1 h', span: hourMs, lines: 1 },
  { label: '24 h', span: dayMs, lines: 1 },
  { label: '30 d', span: 30 * dayMs, lines: 1 },
  { label: '1 y', span: 365 * dayMs, lines: 1 },
  { label: '24 h, 5 targets', span: dayMs, lines: 5 },
] as const;

const titles = {
  bytes: 'history of 1,000 checks at 5 s: bytes a sample',
  year: 'history of 1,000 checks at 5 s: GB a year',
  chart: (label: string) => `history of 1,000 checks at 5 s: chart of ${label}, p99 ms`,
  busy: 'history of 1,000 checks at 5 s: chart of 24 h while an hour is written, p99 ms',
};

/** What the history of a thousand checks takes, and how soon its charts are there. */
export async function historyRows(
  wanted: (title: string) => boolean,
  /** For how many days it has sums by the hour; a chart of 30 days reads them, a chart of a year those by the day. */
  hourDays: number,
): Promise<Row[]> {
  const all = [titles.bytes, titles.year, titles.busy, ...charts.map(({ label }) => titles.chart(label))];
  if (!all.some(wanted)) return [];
  const home = mkdtempSync(join(tmpdir(), 'vigiles-bench-history-'));
  const end = Math.floor(Date.now() / dayMs) * dayMs;
  const clock = { now: end };
  try {
    const plain = plainRows(home, end);
    const folder = join(home, 'series');
    const storage = await openSqliteStorage(folder, silentLog);
    const engine = createEngine({ storage, log: silentLog, now: () => clock.now, rules });
    await engine.start();
    const ids = await engine.ensure(
      Array.from({ length: targets }, (_, at) => ({ name: 'latency', target: `t${at}`, ...precision })),
    );
    await writePast(storage, ids, end, hourDays);
    await storage.settle();
    const size = (level: string) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(`-${level}.db`))
        .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    const perHour = size('1h') / (hourDays * 24 * targets);
    const perMinute = size('1m') / (24 * 60 * targets);
    const { takingMs, writingMs } = await playHour(engine, ids, end, clock);
    const perSample = size('raw') / (targets * 720);
    const year = (perSample * 6.31e9 + perMinute * 50.4e6 + perHour * 8.76e6 + size('1d')) / 1e9;

    const draw = async ({ span, lines }: { span: number; lines: number }, at: number): Promise<number> => {
      const before = performance.now();
      const answer = await engine.query({
        lines: Array.from({ length: lines }, (_, more) => ({
          name: 'latency',
          target: `t${(at * 37 + more * 11) % targets}`,
        })),
        from: clock.now - span,
        to: clock.now,
        points: 300,
      });
      if (answer.lines.some(({ summary }) => summary.samples === 0)) throw new Error('an empty chart');
      return performance.now() - before;
    };
    const rows: Row[] = [];
    for (const chart of charts) {
      const times: number[] = [];
      const before = process.cpuUsage();
      for (let at = 0; at < 300; at += 1) times.push(await draw(chart, at));
      const { user, system } = process.cpuUsage(before);
      const { p50, p99, max } = summarise(times);
      rows.push({
        title: titles.chart(chart.label),
        measured: p99,
        target: '< 100',
        met: p99 < 100,
        detail: `p50 ${p50.toFixed(1)}, most ${max.toFixed(1)}, CPU ${((user + system) / 300_000).toFixed(1)}${chart.label === '30 d' ? `; from a row a look: ${plain.chartMs.toFixed(0)}` : ''}`,
      });
    }

    // The next hour comes and is written while somebody looks.
    const times: number[] = [];
    const state = { writing: true };
    const busy = playHour(engine, ids, end + hourMs, clock).finally(() => (state.writing = false));
    for (let at = 0; state.writing; at += 1) {
      times.push(await draw({ span: dayMs, lines: 1 }, at));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await busy;
    const { p50, p99, max } = summarise(times);
    rows.push(
      {
        title: titles.busy,
        measured: p99,
        target: '< 100',
        met: p99 < 100,
        detail: `p50 ${p50.toFixed(1)}, most ${max.toFixed(1)} of ${times.length}`,
      },
      {
        title: titles.bytes,
        measured: perSample,
        target: '≤ 1',
        met: perSample <= 1,
        detail: `a row a look: ${plain.bytes.toFixed(1)}; CPU a second of samples ${(takingMs / 3600).toFixed(2)} ms, an hour's blocks ${writingMs.toFixed(0)} ms`,
      },
      {
        title: titles.year,
        measured: year,
        target: '< 10',
        met: year < 10,
        detail: `with all sums: ${perMinute.toFixed(1)} bytes a minute, ${perHour.toFixed(1)} an hour; a row a look: ${(plain.bytes * 6.31).toFixed(0)}`,
      },
    );
    await engine.close();
    return rows.filter(({ title }) => wanted(title));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
