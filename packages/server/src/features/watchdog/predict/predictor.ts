import { totalmem } from 'node:os';
import { setImmediate as breathe } from 'node:timers/promises';
import { seriesKind, type Prediction, type SeriesLine, type TargetClass } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Log } from '../../../kernel/log.ts';
import type { Series } from '../../series/index.ts';
import type { Signal } from '../core/detect/signal.ts';
import { formatLeft } from './core/format-left.ts';
import { foresee, type ForeseeRules, type Foresight } from './core/foresee.ts';
import { newStanding, stand, type Standing } from './core/hysteresis.ts';
import type { Point } from './core/trend.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** One figure that is watched for where it leads. */
interface Watch extends ForeseeRules {
  kind: 'memory' | 'latency' | 'disk';
  name: string;
  column: 'avg' | 'p50';
  lookBackMs: number;
  targetClass: TargetClass;
  /** `web will run out of memory`. */
  tell(target: string): string;
}

const watches = (): readonly Watch[] => [
  {
    kind: 'memory',
    name: 'memory',
    column: 'avg',
    lookBackMs: 3 * hourMs,
    minSpanMs: 45 * minuteMs,
    // The kernel kills before the last page is taken.
    limit: totalmem() * 0.9,
    horizonMs: 24 * hourMs,
    minRise: 0.1,
    targetClass: 'service',
    tell: (target) => `${target} will have taken this machine’s memory`,
  },
  {
    kind: 'latency',
    name: 'latency',
    column: 'p50',
    lookBackMs: 3 * hourMs,
    minSpanMs: 45 * minuteMs,
    // As long as a look waits for an answer, unless it is told otherwise.
    limit: 5_000,
    horizonMs: 12 * hourMs,
    minRise: 0.5,
    targetClass: 'service',
    tell: (target) => `${target} will answer too slowly for its checks`,
  },
  {
    kind: 'disk',
    name: 'host.disk',
    column: 'avg',
    lookBackMs: 6 * hourMs,
    minSpanMs: 30 * minuteMs,
    limit: 98,
    horizonMs: 48 * hourMs,
    minRise: 0.005,
    targetClass: 'host',
    tell: () => 'The disk will be full',
  },
];

/** Points of a series that are looked at: their pairs are compared, all of them. */
const points = 60;
const linesAtOnce = 25;

export interface PredictorDeps {
  history: Pick<Series, 'ask' | 'hasHistory'>;
  clock: Clock;
  log: Log;
  /** Told with each look while a failure is foreseen, and once when it no longer is (`cleared`). */
  signal(signal: Signal): void;
  /** Told once, when it is first sure. */
  tell(prediction: Prediction): void;
  everyMs?: number;
}

/** Looks at figures now and then for failures that are on their way. */
export function createPredictor({ history, clock, log, signal, tell, everyMs = minuteMs }: PredictorDeps) {
  const standings = new Map<string, Standing>();
  const current = new Map<string, Prediction>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;

  function judge(
    watch: Watch,
    line: SeriesLine | Omit<SeriesLine, 'unit'>,
    start: number,
    stepMs: number,
  ): void {
    const { target } = line;
    const id = `${watch.kind}:${target}`;
    const seen = line[watch.column].flatMap((value, at): Point[] =>
      value === null ? [] : [[start + at * stepMs, value]],
    );
    const found = foresee(seen, watch);
    const { next, change } = stand(standings.get(id) ?? newStanding(), found !== null);
    if (next.raised || next.seen > 0) standings.set(id, next);
    else standings.delete(id);
    if (found && next.raised) current.set(id, describe(watch, target, found, current.get(id)?.since));
    if (change === 'cleared') current.delete(id);
    const prediction = current.get(id);
    if (change === 'raised' && prediction) tell(prediction);
    if (change !== 'cleared' && !(found && next.raised)) return;
    signal({
      name: `prediction.${watch.kind}`,
      target,
      targetClass: watch.targetClass,
      at: clock.now(),
      source: 'prediction',
      ...(prediction
        ? {
            fields: { seconds_left: Math.round(prediction.time_left_ms / 1000) },
            evidence: { ...prediction },
          }
        : {}),
      ...(change === 'cleared' ? { cleared: true } : {}),
    });
  }

  function describe(watch: Watch, target: string, found: Foresight, since?: number): Prediction {
    const left = formatLeft(found.timeLeftMs);
    const latest = found.latestMs === null ? 'or later' : `at the latest in ${formatLeft(found.latestMs)}`;
    return {
      id: `${watch.kind}:${target}`,
      kind: watch.kind,
      target,
      title: `${watch.tell(target)} in about ${left}`,
      detail: `At its pace of the last hours; at the earliest in ${formatLeft(found.earliestMs)}, ${latest}.`,
      time_left_ms: Math.round(found.timeLeftMs),
      earliest_ms: Math.round(found.earliestMs),
      latest_ms: found.latestMs === null ? null : Math.round(found.latestMs),
      confidence: Math.round(found.confidence * 100) / 100,
      value: found.value,
      limit: watch.limit,
      unit: seriesKind(watch.name).unit,
      since: since ?? clock.now(),
      at: clock.now(),
    };
  }

  /** One look at everything; what takes longer than a moment is cut into pieces. */
  async function look(): Promise<void> {
    if (looking || !history.hasHistory()) return;
    looking = true;
    try {
      const all = await history.ask('series', {});
      for (const watch of watches()) {
        const lines = all.filter(({ name }) => name === watch.name);
        for (let at = 0; at < lines.length; at += linesAtOnce) {
          const to = clock.now();
          const answer = await history.ask('query', {
            lines: lines.slice(at, at + linesAtOnce),
            from: to - watch.lookBackMs,
            to,
            points,
          });
          for (const line of answer.lines) judge(watch, line, answer.start, answer.stepMs);
          await breathe();
        }
      }
    } catch (thrown) {
      log.warn({ err: thrown }, 'The history could not be read for predictions');
    } finally {
      looking = false;
    }
  }

  return {
    look,
    /** What is foreseen now, most urgent first. */
    list: (): Prediction[] => [...current.values()].sort((a, b) => a.time_left_ms - b.time_left_ms),
    of: (target: string): Prediction[] =>
      [...current.values()]
        .filter((each) => each.target === target)
        .sort((a, b) => a.time_left_ms - b.time_left_ms),
    start(): void {
      timer ??= setInterval(() => void look(), everyMs).unref();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}

export type Predictor = ReturnType<typeof createPredictor>;
