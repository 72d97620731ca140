import { isUnknown, UNKNOWN } from './number.ts';

/** Milliseconds with three significant places: `0.4 ms`, `38 ms`, `1.24 s`, `2m 05s`. */
export function formatMs(value: number | null | undefined): string {
  if (isUnknown(value)) return UNKNOWN;
  if (value < 1) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(2)} s`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  return formatSpan(value);
}

/** A span in its two largest units: `8s`, `2m 05s`, `3h 12m`, `4d 7h`. Negative spans are 0. */
export function formatSpan(ms: number | null | undefined): string {
  if (isUnknown(ms)) return UNKNOWN;
  const s = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number): string => String(n).padStart(2, '0');
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m ${pad(s % 60)}s`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h ${pad(Math.floor((s % 3600) / 60))}m`;
  return `${Math.floor(s / 86_400)}d ${Math.floor((s % 86_400) / 3600)}h`;
}

/** How long ago, in one unit: `now`, `12s`, `4m`, `3h`, `6d`. */
export function formatAgo(ts: number | null | undefined, now: number): string {
  if (isUnknown(ts)) return UNKNOWN;
  const s = Math.floor((now - ts) / 1000);
  if (s < 3) return 'now';
  if (s < 60) return `${s}s ago`;
  if (s < 3600) return `${Math.floor(s / 60)}m ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h ago`;
  return `${Math.floor(s / 86_400)}d ago`;
}

const absolute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The whole local date and time, for tooltips. */
export const formatAbsolute = (ts: number): string => absolute.format(ts);

/** Local `14:03:27`. */
export const formatClock = (ts: number): string => clock.format(ts);
