/**
 * How finely something is kept. Rows of `raw` and `1m` stand for an hour. Sums by the hour share a row a day, those by the
 * day a row a month (UTC), so that a chart of a year reads a few rows; that row is the one of the first slot.
 */
export type Level = 'raw' | '1m' | '1h' | '1d';
export const levels: readonly Level[] = ['raw', '1m', '1h', '1d'];

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** The span a slot of this level stands for. */
export const rowMs = (level: Level): number => (level === '1d' ? dayMs : hourMs);
/** The span of one figure within it. */
export const unitMs = (level: Level): number => ({ raw: 1, '1m': 60_000, '1h': hourMs, '1d': dayMs })[level];

/** A series as it is known to the storage. How it is rounded stays what it was when it was first seen. */
export interface StoredSeries {
  id: number;
  name: string;
  target: string;
  scale: number;
  bits: number;
}

export interface BlockRow {
  series: number;
  /** UTC time of its start divided by `rowMs`. */
  slot: number;
  data: Uint8Array;
}

/** A month of one level: the unit that is forgotten at once. */
export interface Partition {
  level: Level;
  /** `2026-11`. */
  month: string;
  bytes: number;
}

/** Where series are kept: SQLite files or PostgreSQL. Used by one thread; throws store faults. */
export interface SeriesStorage {
  series(): Promise<StoredSeries[]>;
  /** Makes those that are not there yet; answers with all of them. */
  ensure(wanted: readonly Omit<StoredSeries, 'id'>[]): Promise<StoredSeries[]>;
  /** Appends to the journal, in one transaction. @param lastHour the latest hour (of the epoch) that is in it */
  journal(data: Uint8Array, lastHour: number): Promise<void>;
  /** Everything in the journal, oldest first. */
  readJournal(): Promise<Uint8Array[]>;
  /** Forgets what has been written as blocks: entries whose last hour is before this one. */
  clearJournal(beforeHour: number): Promise<void>;
  /** Writes rows, each in place of one that is there; all of a level and month or none. */
  write(level: Level, rows: readonly BlockRow[]): Promise<void>;
  /** Rows from slot `from` up to, without, `to`, in order of slots. @param series all of them where it is null */
  read(level: Level, series: readonly number[] | null, from: number, to: number): Promise<BlockRow[]>;
  partitions(): Promise<Partition[]>;
  /** Forgets a month at once. */
  drop(level: Level, month: string): Promise<void>;
  /** Free bytes where it is kept; null where nobody can tell. */
  freeBytes(): number | null;
  /** To be called after much was written. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** The month that a slot lies in, UTC. */
export const monthOf = (level: Level, slot: number): string =>
  new Date(slot * rowMs(level)).toISOString().slice(0, 7);

/** First slot of a month, and of the one after it. */
export function slotsOf(level: Level, month: string): { from: number; to: number } {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  return {
    from: Date.UTC(year, number - 1) / rowMs(level),
    to: Date.UTC(year, number) / rowMs(level),
  };
}

/** The slots that share a row with this one. */
export function packOf(level: '1h' | '1d', slot: number): { from: number; to: number } {
  if (level === '1d') return slotsOf(level, monthOf(level, slot));
  const from = Math.floor(slot / 24) * 24;
  return { from, to: from + 24 };
}

/** Months that slots `from` up to, without, `to` lie in, each with its part of them. */
export function monthsOf(
  level: Level,
  from: number,
  to: number,
): { month: string; from: number; to: number }[] {
  const parts: { month: string; from: number; to: number }[] = [];
  for (let at = from; at < to;) {
    const month = monthOf(level, at);
    const end = Math.min(to, slotsOf(level, month).to);
    parts.push({ month, from: at, to: end });
    at = end;
  }
  return parts;
}
