import type { DaySpanConfig } from '@vigiles/contract';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Making one costs some 50 µs; zones come from the configuration, so there are few. */
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

/** Whether `now` (UTC ms) lies in the span, by the clock on the wall of its time zone. `days` are those it begins on. */
export function inDaySpan(span: DaySpanConfig, now: number): boolean {
  const parts = formatOf(span.time_zone).formatToParts(now);
  const value = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const minute = Number(value('hour')) * 60 + Number(value('minute'));
  const today = DAYS.findIndex((day) => value('weekday').toLowerCase() === day);
  const from = minutesOf(span.from);
  const to = minutesOf(span.to);
  const begins = (day: number): boolean => {
    const name = DAYS[(day + 7) % 7];
    return span.days.length === 0 || (name !== undefined && span.days.includes(name));
  };
  if (from < to) return minute >= from && minute < to && begins(today);
  // Past midnight, or the whole day where both are the same: the hours before `to` began yesterday.
  return (minute >= from && begins(today)) || (minute < to && begins(today - 1));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
