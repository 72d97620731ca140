/** A day or a month, `[startsAt, endsAt)` in UTC ms. */
export interface Span {
  /** `2026-11-21`, `2026-11`. */
  name: string;
  startsAt: number;
  endsAt: number;
}

export interface Spans {
  day: Span;
  month: Span;
}

/** All offsets of time zones are whole quarters of an hour. */
const STEP_MS = 900_000;
const FARTHEST_AHEAD_MS = 15 * 3_600_000;

/** The local day and month that `ms` falls in. */
export function spansAt(ms: number, timeZone = 'UTC'): Spans {
  const today = dateAt(ms, timeZone);
  const { year, month, day } = today;
  const span = (name: string, from: number, to: number): Span => ({
    name,
    startsAt: startOf(from, timeZone),
    endsAt: startOf(to, timeZone),
  });
  const monthName = `${year}-${two(month)}`;
  return {
    day: span(`${monthName}-${two(day)}`, Date.UTC(year, month - 1, day), Date.UTC(year, month - 1, day + 1)),
    month: span(monthName, Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1)),
  };
}

/** The first instant of a local date, which is not midnight where a clock change skips it. @param date its UTC midnight */
function startOf(date: number, timeZone: string): number {
  if (timeZone === 'UTC') return date;
  let at = date - FARTHEST_AHEAD_MS;
  for (;;) {
    const { year, month, day } = dateAt(at, timeZone);
    if (Date.UTC(year, month - 1, day) >= date) return at;
    at += STEP_MS;
  }
}

interface LocalDate {
  year: number;
  /** From 1. */
  month: number;
  day: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateAt(ms: number, timeZone: string): LocalDate {
  if (timeZone === 'UTC') {
    const date = new Date(ms);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }
  let format = formats.get(timeZone);
  if (!format) {
    // The calendar is named: a locale's own may count other years.
    format = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const [year = 0, month = 0, day = 0] = format.format(ms).split('-').map(Number);
  return { year, month, day };
}

const two = (number: number): string => String(number).padStart(2, '0');
