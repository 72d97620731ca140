import { formatAbsolute, formatAgo, formatSpan } from '../format/duration.ts';
import { UNKNOWN } from '../format/number.ts';
import { useNow } from './use-now.ts';

/** How long ago; the whole date and time is its tooltip. */
export function Ago({ ts, className }: { ts: number | null; className?: string }) {
  const now = useNow();
  if (ts === null) return <span className={className}>{UNKNOWN}</span>;
  const absolute = formatAbsolute(ts);
  return (
    <time dateTime={new Date(ts).toISOString()} data-tip={absolute} className={className}>
      <span className="num">{formatAgo(ts, now)}</span>
    </time>
  );
}

/** A span that grows each second, from `since`, or that stands still when `until` is given. */
export function Span({ since, until }: { since: number; until?: number | null }) {
  const now = useNow();
  return <span className="num">{formatSpan((until ?? now) - since)}</span>;
}

/** What is left, counted down: in seconds, and in minutes while it is long. */
export function Countdown({ until }: { until: number }) {
  const now = useNow();
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return <span className="num">{seconds >= 120 ? `${Math.ceil(seconds / 60)} min` : `${seconds}s`}</span>;
}
