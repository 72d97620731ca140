import { setImmediate as breathe } from 'node:timers/promises';
import type { Log } from '../../../kernel/log.ts';
import { decodeBatch, encodeBatch, type Batch } from '../core/batch.ts';
import { upShare } from '../core/looks-book.ts';
import { planQuery, type QueryPlan } from '../core/plan-query.ts';
import type { Looks } from '../core/rollup.ts';
import { unpackBlock, unpackMinutes } from './pack.ts';
import { dayMs, hourMs, packOf, slotsOf, type SeriesStorage, type StoredSeries } from '../storage/storage.ts';
import { drawLines, type Line } from './answer-query.ts';
import { compact, nextClosing } from './compact.ts';
import { createKeeper, type KeepRules } from './keep.ts';
import { createSeriesBook, looksRings, takeSample } from './live-series.ts';
import { createTurns } from './one-at-a-time.ts';
import { readLooks } from './sums.ts';

export interface EngineDeps {
  storage: SeriesStorage;
  log: Log;
  /** UTC ms. */
  now(): number;
  rules: KeepRules;
}

export interface Question {
  lines: readonly { name: string; target: string }[];
  from: number;
  to: number;
  points: number;
}

export interface Answered extends QueryPlan {
  lines: Line[];
}

/** A sample as it is stored. */
export interface StoredSample {
  ts: number;
  value: number | null;
  state: number;
}

export interface Uptimes {
  day: number | null;
  month: number | null;
  year: number | null;
}

/** Samples that come this much before their time are a wrong clock. */
const maxAheadMs = 5 * 60_000;
/** After the hour: its last samples are on their way. */
const graceMs = 60_000;
/** Series whose uptime is read in one go. */
const looksAtOnce = 200;

/**
 * The store of series: takes samples, keeps them in a journal and in memory until their hour is over, then as blocks and
 * sums. Everything that reads or moves blocks is done one after the other.
 */
export function createEngine({ storage, log, now, rules }: EngineDeps) {
  const book = createSeriesBook();
  const inTurn = createTurns();
  const keeper = createKeeper({ storage, log, now, rules });
  let refused = 0;

  function accept({ ids, ts, values, states }: Batch): { lastHour: number; kept: number } {
    const latest = now() + maxAheadMs;
    const oldest = now() - keeper.rules().rawDays * dayMs;
    let lastHour = 0;
    let kept = 0;
    for (let at = 0; at < ids.length; at += 1) {
      const time = ts[at] ?? Number.NaN;
      const series = book.byId(ids[at] ?? 0);
      if (!series || !(time <= latest && time >= oldest)) {
        refused += 1;
        continue;
      }
      takeSample(series, time, values[at] ?? Number.NaN, states[at] ?? 0);
      lastHour = Math.max(lastHour, Math.floor(time / hourMs));
      kept += 1;
    }
    return { lastHour, kept };
  }

  /** What was in the journal when Vigiles ended. */
  async function replay(): Promise<void> {
    for (const entry of await storage.readJournal()) {
      try {
        accept(decodeBatch(entry));
      } catch (thrown) {
        log.warn({ err: thrown }, 'A damaged entry of the journal was left out');
      }
    }
  }

  let compactedUpTo = 0;
  async function compactNow(beforeHour: number): Promise<void> {
    if (beforeHour === compactedUpTo && nextClosing(book.all(), beforeHour).length === 0) return;
    for (;;) {
      const more = await inTurn(async () => {
        const closing = nextClosing(book.all(), beforeHour);
        if (closing.length > 0) await compact(closing, { storage, log, keepRaw: () => keeper.keepRaw() });
        return closing.length > 0;
      });
      if (!more) break;
      await breathe();
    }
    await inTurn(async () => {
      await storage.clearJournal(beforeHour);
      await keeper.tidy();
      await storage.settle();
    });
    compactedUpTo = beforeHour;
  }

  /** Uptime of up to a year, newest first, a few series at a time: questions are answered in between. */
  async function loadLooks(stopped: () => boolean): Promise<void> {
    const today = Math.floor(now() / dayMs);
    const hour = Math.floor(now() / hourMs);
    const ids = [...book.all()].map(({ stored }) => stored.id);
    const take = async (level: '1h' | '1d', span: { from: number; to: number }) => {
      for (let at = 0; at < ids.length && !stopped(); at += looksAtOnce) {
        const part = ids.slice(at, at + looksAtOnce);
        // In the same turn: what is written afterwards is newer, and must come later.
        await inTurn(async () => {
          for (const [id, slots] of await readLooks(storage, level, part, span, log))
            for (const [slot, looks] of slots) rememberLooks(id, level, slot, looks);
        });
        await breathe();
      }
    };
    await take('1h', { from: hour - 25, to: hour });
    await inTurn(loadMinutes);
    for (let day = today; day > today - 366;) {
      const { from } = packOf('1d', day);
      await take('1d', { from, to: day + 1 });
      day = from - 1;
    }
  }

  function rememberLooks(id: number, level: '1h' | '1d', slot: number, looks: Looks): void {
    const series = book.byId(id);
    if (!series || looks.up + looks.down + looks.unknown + looks.planned === 0) return;
    series.looks ??= looksRings();
    series.looks[level === '1h' ? 'hours' : 'days'].set(slot, looks);
  }

  /** The sparklines' last hour. */
  async function loadMinutes(): Promise<void> {
    const hour = Math.floor(now() / hourMs) - 1;
    for (const row of await storage.read('1m', null, hour, hour + 1)) {
      const series = book.byId(row.series);
      if (!series) continue;
      try {
        for (const [minute, { count, sum }] of unpackMinutes(row.data, hour * 60))
          if (count > 0) series.minutes.add(minute * 60_000, sum / count / series.stored.scale);
      } catch (thrown) {
        log.warn({ err: thrown, series: series.stored.name }, 'A damaged block was left out');
      }
    }
  }

  async function reach(): Promise<Record<QueryPlan['level'], number>> {
    const oldest: Record<QueryPlan['level'], number> = {
      raw: Math.floor(now() / hourMs) * hourMs,
      '1m': Number.POSITIVE_INFINITY,
      '1h': Number.POSITIVE_INFINITY,
      '1d': Number.POSITIVE_INFINITY,
    };
    for (const { level, month } of await keeper.partitions()) {
      const { from } = slotsOf(level, month);
      oldest[level] = Math.min(oldest[level], from * (level === '1d' ? dayMs : hourMs));
    }
    return oldest;
  }

  /** Writes the hours that are over; cheap when there are none. */
  async function compactPast(): Promise<void> {
    const hour = Math.floor((now() - graceMs) / hourMs);
    if (keeper.mayWrite()) await compactNow(hour);
  }

  return {
    /** Brings back what is known. Uptime of older days follows by itself. */
    async start(stopped: () => boolean = () => false): Promise<void> {
      book.add(await storage.series());
      await replay();
      // What the journal has of hours that are blocks already must not be counted twice.
      await compactPast().catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'Hours could not be written as blocks; later again'),
      );
      void loadLooks(stopped).catch((thrown: unknown) =>
        log.warn({ err: thrown }, 'Uptime of the past could not be read'),
      );
    },

    series: (): StoredSeries[] => [...book.all()].map(({ stored }) => stored),

    /** Makes series that are not there; answers with the ids of all that were asked for, in order; 0: there is no room. */
    async ensure(wanted: readonly Omit<StoredSeries, 'id'>[]): Promise<number[]> {
      const missing = wanted.filter(({ name, target }) => !book.find(name, target));
      const room = Math.max(0, keeper.rules().maxSeries - book.size);
      if (missing.length > room)
        log.warn({ refused: missing.length - room }, 'Too many series; further ones are refused');
      if (missing.length > 0) book.add(await storage.ensure(missing.slice(0, room)));
      return wanted.map(({ name, target }) => book.find(name, target)?.stored.id ?? 0);
    },

    /** Takes samples: into memory, and into the journal unless the disk has no room. */
    async take(batch: Batch): Promise<void> {
      const { lastHour, kept } = accept(batch);
      if (kept > 0 && keeper.mayWrite()) await storage.journal(encodeBatch(batch), lastHour);
    },

    compact: compactPast,

    async query({ lines, from, to, points }: Question): Promise<Answered> {
      const oldest = await reach();
      const plan = planQuery(from, to, points, oldest);
      const known = lines.flatMap(({ name, target }) => book.find(name, target) ?? []);
      const drawn = await inTurn(() =>
        drawLines(known, plan, { from: oldest[plan.level], to }, storage, log),
      );
      return { ...plan, lines: drawn };
    },

    /** Single samples, oldest first; of more than `limit` the newest. */
    async samples(
      name: string,
      target: string,
      from: number,
      to: number,
      limit: number,
    ): Promise<StoredSample[]> {
      const series = book.find(name, target);
      if (!series) return [];
      return inTurn(async () => {
        const found: StoredSample[] = [];
        const add = (ts: number, value: number, state: number) => {
          if (ts >= from && ts <= to) found.push({ ts, value: Number.isNaN(value) ? null : value, state });
        };
        for (const head of series.heads.values()) head.each(add);
        const first = Math.floor(Math.max(from, (await reach()).raw) / hourMs);
        for (let hour = Math.floor(to / hourMs); hour >= first && found.length < limit; hour -= 1) {
          const [row] = await storage.read('raw', [series.stored.id], hour, hour + 1);
          if (!row) continue;
          const { ts, values, states } = unpackBlock(row.data, series.stored).samples;
          for (const [at, time] of ts.entries()) add(time, values[at] ?? Number.NaN, states[at] ?? 0);
        }
        return found.sort((a, b) => a.ts - b.ts).slice(-limit);
      });
    },

    /** The last samples of every target, oldest first, as far as this hour and the one before it go. */
    recent(name: string, targets: readonly string[], limit: number): Promise<StoredSample[][]> {
      const hour = Math.floor(now() / hourMs);
      return inTurn(async () => {
        const answers: StoredSample[][] = [];
        for (const target of targets) {
          const series = book.find(name, target);
          const found: StoredSample[] = [];
          const add = (ts: number, value: number, state: number) =>
            found.push({ ts, value: Number.isNaN(value) ? null : value, state });
          for (const head of series?.heads.values() ?? []) head.each(add);
          if (series && found.length < limit) {
            for (const row of await storage.read('raw', [series.stored.id], hour - 1, hour + 1)) {
              const { ts, values, states } = unpackBlock(row.data, series.stored).samples;
              for (const [at, time] of ts.entries()) add(time, values[at] ?? Number.NaN, states[at] ?? 0);
            }
          }
          answers.push(found.sort((a, b) => a.ts - b.ts).slice(-limit));
        }
        return answers;
      });
    },

    /** Averages by the minute, ending now, of every target. */
    sparklines(name: string, targets: readonly string[], minutes: number): (number | null)[][] {
      return targets.map((target) => book.find(name, target)?.minutes.values(now(), minutes) ?? []);
    },

    /** Uptime of every target that has looks, over the last 24 hours, 30 days and 365 days. */
    uptimes(name: string): Record<string, Uptimes> {
      const hour = Math.floor(now() / hourMs);
      const day = Math.floor(now() / dayMs);
      const found: Record<string, Uptimes> = {};
      for (const { stored, looks, heads } of book.all()) {
        if (stored.name !== name || !looks) continue;
        const live = { up: 0, down: 0 };
        for (const head of heads.values())
          head.each((_ts, _value, state) => {
            if (state === 1 || state === 2) live.up += 1;
            else if (state === 3 || state === 4) live.down += 1;
          });
        const share = ({ up, down }: { up: number; down: number }) =>
          upShare({ up: up + live.up, down: down + live.down });
        found[stored.target] = {
          day: share(looks.hours.sum(hour - 23, hour + 1)),
          month: share(looks.days.sum(day - 29, day + 1)),
          year: share(looks.days.sum(day - 364, day + 1)),
        };
      }
      return found;
    },

    follow: (next: KeepRules) => keeper.follow(next),
    stats: async () => ({ series: book.size, refused, partitions: await keeper.partitions() }),
    close: () => inTurn(() => storage.close()),
  };
}

export type Engine = ReturnType<typeof createEngine>;
