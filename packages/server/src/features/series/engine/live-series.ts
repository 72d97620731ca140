import { Head } from '../core/head.ts';
import { LooksRing } from '../core/looks-book.ts';
import { MinuteRing } from '../core/minute-ring.ts';
import { hourMs, type StoredSeries } from '../storage/storage.ts';

/** What is held in memory of one series: what is not a block yet, and what is asked for all the time. */
export interface LiveSeries {
  readonly stored: StoredSeries;
  /** By hour of the epoch. */
  readonly heads: Map<number, Head>;
  readonly minutes: MinuteRing;
  /** Present once it has states. Hours of two days, days of a year. */
  looks: { hours: LooksRing; days: LooksRing } | null;
  /** The last time a sample came for, UTC ms. */
  lastAt: number;
}

export const looksRings = () => ({ hours: new LooksRing(48), days: new LooksRing(368) });

export const liveSeries = (stored: StoredSeries): LiveSeries => ({
  stored,
  heads: new Map(),
  minutes: new MinuteRing(),
  looks: null,
  lastAt: 0,
});

export function takeSample(series: LiveSeries, ts: number, value: number, state: number): void {
  const hour = Math.floor(ts / hourMs);
  let head = series.heads.get(hour);
  if (!head) series.heads.set(hour, (head = new Head(hour * hourMs)));
  head.push(ts, value, state);
  if (!Number.isNaN(value)) series.minutes.add(ts, value);
  if (ts > series.lastAt) series.lastAt = ts;
  if (state > 0) series.looks ??= looksRings();
}

/** The series there are, by id and by name. */
export interface SeriesBook {
  byId(id: number): LiveSeries | undefined;
  find(name: string, target: string): LiveSeries | undefined;
  all(): Iterable<LiveSeries>;
  readonly size: number;
  add(stored: readonly StoredSeries[]): void;
}

const keyOf = (name: string, target: string) => `${name}\0${target}`;

export function createSeriesBook(): SeriesBook {
  const byId = new Map<number, LiveSeries>();
  const byKey = new Map<string, LiveSeries>();
  return {
    byId: (id) => byId.get(id),
    find: (name, target) => byKey.get(keyOf(name, target)),
    all: () => byId.values(),
    get size() {
      return byId.size;
    },
    add(list) {
      for (const stored of list) {
        if (byId.has(stored.id)) continue;
        const series = liveSeries(stored);
        byId.set(stored.id, series);
        byKey.set(keyOf(stored.name, stored.target), series);
      }
    },
  };
}
