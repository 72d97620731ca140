import type { SeriesLine } from '@vigiles/contract';
import type { Log } from '../../../kernel/log.ts';
import { fillHoles, gapAfter, paceOf } from '../core/fill-gaps.ts';
import { upShare } from '../core/looks-book.ts';
import type { QueryPlan } from '../core/plan-query.ts';
import { addSample, join, newRollup, percentiles, type Rollup } from '../core/rollup.ts';
import { rowMs, unitMs, type BlockRow, type SeriesStorage } from '../storage/storage.ts';
import type { LiveSeries } from './live-series.ts';
import { foldMinutes, unpackBlock } from './pack.ts';
import { readSums } from './sums.ts';

/** A line without its unit, which the worker does not know. */
export type Line = Omit<SeriesLine, 'unit'>;

export interface Span {
  /** The oldest there is to read, UTC ms; Infinity for nothing. */
  from: number;
  /** What came later is left out. */
  to: number;
}

/** What is being drawn of one series. */
interface Drawing {
  series: LiveSeries;
  buckets: (Rollup | null)[];
  /** Times of the samples, as many as are needed to know their pace. */
  times: number[];
  last: { ts: number; value: number } | null;
}

/** Draws several series of one plan. Each row is read once; what is not written yet is in memory. */
export async function drawLines(
  list: readonly LiveSeries[],
  plan: QueryPlan,
  span: Span,
  storage: SeriesStorage,
  log: Log,
): Promise<Line[]> {
  const drawings = new Map<number, Drawing>();
  for (const series of list)
    drawings.set(series.stored.id, {
      series,
      buckets: Array.from({ length: plan.buckets }, () => null),
      times: [],
      last: null,
    });
  const end = plan.start + plan.buckets * plan.stepMs;
  const slotMs = rowMs(plan.level);
  const ids = list.map(({ stored }) => stored.id);
  // Before that there is nothing to look for.
  const from = Math.floor(Math.max(plan.start, Math.min(span.from, end)) / slotMs);
  const to = Math.ceil(end / slotMs);
  if (plan.level === '1h' || plan.level === '1d') {
    for (const [id, sums] of await readSums(storage, plan.level, ids, { from, to }, log)) {
      const drawing = drawings.get(id);
      if (drawing) for (const [slot, sum] of sums) drawRollup(drawing, plan, slot * slotMs, sum);
    }
  } else {
    for (const row of await storage.read(plan.level, ids, from, to)) {
      const drawing = drawings.get(row.series);
      if (drawing) drawRow(drawing, row, plan, span, log);
    }
  }
  for (const drawing of drawings.values()) {
    for (const head of drawing.series.heads.values())
      head.each((ts, value, state) => drawSample(drawing, plan, span, ts, value, state));
  }
  return [...drawings.values()].map((drawing) => lineOf(drawing, plan));
}

function drawRow(drawing: Drawing, row: BlockRow, plan: QueryPlan, span: Span, log: Log): void {
  const { stored } = drawing.series;
  try {
    if (plan.level === 'raw') {
      const { ts, values, states } = unpackBlock(row.data, stored).samples;
      for (const [at, time] of ts.entries())
        drawSample(drawing, plan, span, time, values[at] ?? Number.NaN, states[at] ?? 0);
    } else {
      foldMinutes(row.data, row.slot * 60, (minute) => bucketAt(drawing, plan, minute * 60_000));
    }
  } catch (thrown) {
    log.warn({ err: thrown, series: stored.name, target: stored.target }, 'A damaged block was left out');
  }
}

function bucketAt(drawing: Drawing, plan: QueryPlan, ts: number): Rollup | null {
  const at = Math.floor((ts - plan.start) / plan.stepMs);
  if (at < 0 || at >= plan.buckets) return null;
  return (drawing.buckets[at] ??= newRollup());
}

function drawSample(
  drawing: Drawing,
  plan: QueryPlan,
  span: Span,
  ts: number,
  value: number,
  state: number,
): void {
  if (ts < plan.start || ts > span.to) return;
  const into = bucketAt(drawing, plan, ts);
  if (!into) return;
  addSample(into, value, state, drawing.series.stored);
  if (drawing.times.length < 200) drawing.times.push(ts);
  if (!Number.isNaN(value) && ts >= (drawing.last?.ts ?? 0)) drawing.last = { ts, value };
}

function drawRollup(drawing: Drawing, plan: QueryPlan, ts: number, rollup: Rollup): void {
  const into = bucketAt(drawing, plan, ts);
  if (into) join(into, rollup);
}

const shares = [0.5, 0.95, 0.99];

function lineOf({ series, buckets, times, last }: Drawing, plan: QueryPlan): Line {
  const { stored } = series;
  const { scale } = stored;
  const whole = newRollup();
  const columns = { avg: [], min: [], max: [], p50: [], p95: [], p99: [], sum: [], up: [] } as Record<
    'avg' | 'min' | 'max' | 'p50' | 'p95' | 'p99' | 'sum' | 'up',
    (number | null)[]
  >;
  for (const bucket of buckets) {
    const known = bucket && bucket.count > 0 ? bucket : null;
    const [p50 = null, p95 = null, p99 = null] = known ? percentiles(known, stored, shares) : [];
    columns.avg.push(known ? tidy(known.sum / known.count / scale) : null);
    columns.min.push(known ? tidy(known.min / scale) : null);
    columns.max.push(known ? tidy(known.max / scale) : null);
    columns.p50.push(tidy(p50));
    columns.p95.push(tidy(p95));
    columns.p99.push(tidy(p99));
    columns.sum.push(known ? tidy(known.sum / scale) : null);
    columns.up.push(bucket ? tidy(upShare(bucket.looks)) : null);
    if (bucket) join(whole, bucket);
  }
  const pace = plan.level === 'raw' ? paceOf(times) : unitMs(plan.level);
  // A look without an answer is no hole in the samples: it is shown as the gap it is.
  if (whole.looks.down + whole.looks.unknown === 0) {
    const gapMs = gapAfter(pace, plan.stepMs);
    for (const column of ['avg', 'min', 'max', 'p50', 'p95', 'p99'] as const)
      fillHoles(columns[column], plan.stepMs, gapMs);
  }
  const { looks, count } = whole;
  const hasLooks = series.looks !== null || looks.up + looks.down + looks.unknown + looks.planned > 0;
  const [p50 = null, p95 = null, p99 = null] = percentiles(whole, stored, shares);
  return {
    name: stored.name,
    target: stored.target,
    ...columns,
    up: hasLooks ? columns.up : [],
    summary: {
      samples: count,
      min: count > 0 ? tidy(whole.min / scale) : null,
      max: count > 0 ? tidy(whole.max / scale) : null,
      avg: count > 0 ? tidy(whole.sum / count / scale) : null,
      p50: tidy(p50),
      p95: tidy(p95),
      p99: tidy(p99),
      sum: count > 0 ? tidy(whole.sum / scale) : null,
      // Where only sums are read, the last bucket's.
      last: tidy(last?.value ?? columns.avg.findLast((value) => value !== null) ?? null),
      looks,
      uptime: upShare(looks),
    },
  };
}

/** Six digits are more than any picture shows; the others would only be sent. */
function tidy(value: number): number;
function tidy(value: number | null): number | null;
function tidy(value: number | null): number | null {
  if (value === null || Number.isInteger(value)) return value;
  const decimals = 5 - Math.floor(Math.log10(Math.abs(value)));
  // `toPrecision` would take longer than all the reading.
  const factor = 10 ** Math.min(15, Math.max(0, decimals));
  return Math.round(value * factor) / factor;
}
