import type { FaultWindow } from '@vigiles/contract';

/** What one detector has seen on one target. Bounded: no more times than its window needs. */
export interface Tally {
  /** UTC ms, oldest first. */
  times: number[];
  /** In a row since the last reset. */
  run: number;
  /** When the window was met last; null: not, or no longer. */
  metAt: number | null;
  /** A state that is on, and by which check, process or file: only that one's good news ends it. */
  on: boolean;
  instance: string;
  lastAt: number;
  lastLine: string | null;
  total: number;
}

export const newTally = (): Tally => ({
  times: [],
  run: 0,
  metAt: null,
  on: false,
  instance: '',
  lastAt: 0,
  lastLine: null,
  total: 0,
});

/** Counts one more. @returns whether the window is met now */
export function count(tally: Tally, window: FaultWindow, at: number, line: string | null): boolean {
  const withinMs = window.within_s * 1000;
  // A pause longer than the window, or a clock that went back, starts a row anew.
  if (Math.abs(at - tally.lastAt) > withinMs) tally.run = 0;
  tally.run = Math.min(tally.run + 1, Number.MAX_SAFE_INTEGER);
  tally.total += 1;
  tally.lastAt = at;
  if (line !== null) tally.lastLine = line;
  tally.times = tally.times.filter((time) => Math.abs(at - time) <= withinMs);
  tally.times.push(at);
  if (tally.times.length > window.count) tally.times.shift();
  const met = counted(tally, window) >= needed(window);
  if (met) tally.metAt = at;
  return met;
}

/** How many it takes. */
export const needed = (window: FaultWindow): number => window.consecutive ?? window.count;

/** How many count at this moment. */
export const counted = (tally: Tally, window: FaultWindow): number =>
  window.consecutive === undefined ? tally.times.length : Math.min(tally.run, window.consecutive);

/** Nothing was seen. */
export function reset(tally: Tally): void {
  tally.times = [];
  tally.run = 0;
  tally.metAt = null;
  tally.on = false;
}
