import type { ChannelConfig, QuietHoursConfig } from '@vigiles/contract';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const minuteMs = 60_000;

/** Zones come from the configuration, so there are few. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The clock on the wall: minute of the day, and the day of the week. */
function wall(zone: string, at: number): { minute: number; day: number } {
  const parts = formatOf(zone).formatToParts(at);
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return {
    minute: Number(value('hour')) * 60 + Number(value('minute')),
    day: days.findIndex((day) => day === value('weekday').toLowerCase()),
  };
}

function holds(span: QuietHoursConfig, at: number): boolean {
  const { minute, day } = wall(span.time_zone, at);
  const begins = (on: number): boolean =>
    span.days.length === 0 || span.days.includes(days[(on + 7) % 7] ?? 'sun');
  const from = minutesOf(span.from);
  const to = minutesOf(span.to);
  if (from < to) return minute >= from && minute < to && begins(day);
  return (minute >= from && begins(day)) || (minute < to && begins(day - 1));
}

/** When the span that holds now ends, UTC ms: the first minute in which it does not hold. Follows summer time, as the wall clock does. */
function endOf(span: QuietHoursConfig, now: number): number {
  const start = Math.floor(now / minuteMs) * minuteMs;
  const { minute } = wall(span.time_zone, now);
  const ahead = (minutesOf(span.to) - minute + 1440) % 1440 || 1440;
  // The wall clock may have been set in between, by up to two hours; whole minutes around the guess are tried.
  for (let guess = Math.max(1, ahead - 150); guess <= ahead + 150; guess += 1) {
    const at = start + guess * minuteMs;
    if (!holds(span, at)) return at;
  }
  return start + ahead * minuteMs;
}

export interface Quiet {
  until: number;
  otherwise: QuietHoursConfig['otherwise'];
}

/** The quiet hours that hold now for a notice of this severity; null where it may be told. Spans that touch are one. */
export function quietNow(spans: readonly QuietHoursConfig[], critical: boolean, now: number): Quiet | null {
  const heeded = spans.filter(({ except }) => !(critical && except === 'critical'));
  let until = now;
  let otherwise: Quiet['otherwise'] | null = null;
  // Each round joins one more span; as many rounds as spans are enough.
  for (let round = 0; round <= heeded.length; round += 1) {
    const span = heeded.find((each) => holds(each, until));
    if (!span) break;
    otherwise ??= span.otherwise;
    until = endOf(span, until);
  }
  return otherwise === null ? null : { until, otherwise };
}

/** The quiet hours that hold for a channel: none where it ignores them, its own where it has some, else everybody’s. */
export const spansOf = (
  { quiet, quiet_hours: own }: Pick<ChannelConfig, 'quiet' | 'quiet_hours'>,
  common: readonly QuietHoursConfig[],
): readonly QuietHoursConfig[] => (quiet === 'ignore' ? [] : (own ?? common));
