import { setImmediate as breathe } from 'node:timers/promises';
import {
  seriesKind,
  type Prediction,
  type SeriesLine,
  type SeriesName,
  type TargetClass,
} from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import type { Series } from '../../series/index.ts';
import { foresee, type ForeseeRules } from './core/foresee.ts';
import type { Foreteller, Found } from './core/found.ts';
import type { Point } from './core/trend.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What a figure runs towards, in its own unit. */
export interface Limit {
  value: number;
  /** `memory will reach its limit of 512 MB`. */
  sentence: string;
  /** Whose it is, and which of several. */
  target: string;
  part: string;
}

/** The limit of one series; null: it has none, or belongs to something that is no more. */
export type LimitOf = (name: SeriesName, target: string) => Promise<Limit | null> | Limit | null;

/** A figure that is watched for where it leads. */
interface Watch extends Omit<ForeseeRules, 'limit'> {
  kind: Prediction['kind'];
  name: SeriesName;
  column: 'avg' | 'p50';
  lookBackMs: number;
  targetClass: TargetClass;
}

const latency = {
  kind: 'latency',
  column: 'p50',
  lookBackMs: 3 * hourMs,
  minSpanMs: 45 * minuteMs,
  horizonMs: 12 * hourMs,
  minRise: 0.5,
  targetClass: 'service',
} as const;

const watches: readonly Watch[] = [
  {
    kind: 'memory',
    name: 'memory',
    column: 'avg',
    lookBackMs: 3 * hourMs,
    minSpanMs: 45 * minuteMs,
    horizonMs: 24 * hourMs,
    minRise: 0.1,
    targetClass: 'service',
  },
  { ...latency, name: 'latency' },
  { ...latency, name: 'check.latency' },
  {
    kind: 'disk',
    name: 'host.disk',
    column: 'avg',
    lookBackMs: 6 * hourMs,
    minSpanMs: 30 * minuteMs,
    horizonMs: 48 * hourMs,
    minRise: 0.005,
    targetClass: 'host',
  },
];

/** Points of a series that are looked at: their pairs are compared, all of them. */
const points = 60;
const linesAtOnce = 25;

export interface TrendDeps {
  history: Pick<Series, 'ask' | 'hasHistory'>;
  clock: Clock;
  limitOf: LimitOf;
}

/** Foresees figures that rise towards their limit: memory, latency, disk. */
export function trendForeteller({ history, clock, limitOf }: TrendDeps): Foreteller {
  async function foundIn(
    watch: Watch,
    line: Pick<SeriesLine, 'target' | 'avg' | 'p50'>,
    at: (bucket: number) => number,
  ): Promise<Found[]> {
    const limit = await limitOf(watch.name, line.target);
    if (!limit) return [];
    const seen = line[watch.column].flatMap((value, bucket): Point[] =>
      value === null ? [] : [[at(bucket), value]],
    );
    const foresight = foresee(seen, { ...watch, limit: limit.value });
    if (!foresight) return [];
    const { kind, targetClass } = watch;
    const { target, part, sentence, value } = limit;
    const unit = seriesKind(watch.name).unit;
    const basis = 'At its pace of the last hours';
    return [{ kind, target, targetClass, part, sentence, basis, foresight, limit: value, unit }];
  }

  return {
    kinds: ['memory', 'latency', 'disk'],
    /** What takes longer than a moment is cut into pieces. */
    async look() {
      if (!history.hasHistory()) return [];
      const all = await history.ask('series', {});
      const found: Found[] = [];
      for (const watch of watches) {
        const lines = all.filter(({ name }) => name === watch.name);
        for (let at = 0; at < lines.length; at += linesAtOnce) {
          const to = clock.now();
          const answer = await history.ask('query', {
            lines: lines.slice(at, at + linesAtOnce).map(({ name, target }) => ({ name, target })),
            from: to - watch.lookBackMs,
            to,
            points,
          });
          for (const line of answer.lines)
            found.push(...(await foundIn(watch, line, (bucket) => answer.start + bucket * answer.stepMs)));
          await breathe();
        }
      }
      return found;
    },
  };
}
