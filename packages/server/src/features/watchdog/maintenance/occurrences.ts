import { Cron } from 'croner';
import type { MaintenanceConfig } from '@vigiles/contract';

/** A time between two moments, UTC ms; `to` is not part of it. */
export interface Span {
  from: number;
  to: number;
}

/** When a window is open: the span that is open at `now`, or the next one; null when there is none any more. */
export type Occurrences = (now: number) => Span | null;

const cronDays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** No HH:MM window is longer, also on the day that has 25 hours. */
const longestDayMs = 26 * 3_600_000;
/** Overlapping starts that are looked at; a cron that starts more often than its length is one long window anyhow. */
const maxStarts = 1000;

const once =
  (from: number, to: number): Occurrences =>
  (now) =>
    now < to ? { from, to } : null;

/**
 * Starts come from a cron expression in a time zone, so that 22:00 stays 22:00 when clocks change
 * (uptime-kuma#6233). Looks back as far as a window can reach, so that one that began yesterday is found
 * (gatus#1815).
 */
function repeated(starts: Cron, endOf: (start: Date) => number, longestMs: number): Occurrences {
  return (now) => {
    let from = new Date(now - longestMs - 1000);
    for (let tries = 0; tries < maxStarts; tries += 1) {
      const start = starts.nextRun(from);
      if (!start) return null;
      const to = endOf(start);
      if (to > now) return { from: start.getTime(), to };
      from = start;
    }
    return null;
  };
}

const cronOf = (pattern: string, zone: string | undefined): Cron =>
  new Cron(pattern, { paused: true, ...(zone === undefined ? {} : { timezone: zone }) });

const pointOf = (time: string): string => {
  const [hour = '0', minute = '0'] = time.split(':');
  return `${Number(minute)} ${Number(hour)}`;
};

/**
 * The spans of a window. A time that does not exist on the day clocks go forward is the first moment after the gap;
 * one that comes twice counts from the first. Throws when the cron expression is no good.
 */
export function occurrencesOf(config: MaintenanceConfig): Occurrences {
  const { from = '', to = '', weekdays, cron, duration_min: minutes = 0, time_zone: zone } = config;
  if (cron !== undefined) {
    const lengthMs = minutes * 60_000;
    return repeated(cronOf(cron, zone), (start) => start.getTime() + lengthMs, lengthMs);
  }
  if (!/^\d\d:\d\d$/.test(from)) return once(Date.parse(from), Date.parse(to));
  const days = weekdays ? weekdays.map((day) => cronDays.indexOf(day)).join(',') : '*';
  const ends = cronOf(`${pointOf(to)} * * *`, zone);
  return repeated(
    cronOf(`${pointOf(from)} * * ${days}`, zone),
    (start) => (ends.nextRun(start) ?? start).getTime(),
    longestDayMs,
  );
}
