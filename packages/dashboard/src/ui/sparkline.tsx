import type { Beat } from '@vigiles/contract';
import { memo } from 'react';
import { formatMs } from '../format/duration.ts';
import { UNKNOWN } from '../format/number.ts';
import { sparklinePath } from './sparkline-path.ts';

const W = 88;
const H = 20;
const SHOWN = 45;

function tip(known: readonly number[]): string {
  if (known.length === 0) return 'No latency known';
  const last = known[known.length - 1];
  return `Latency now ${formatMs(last)}\nLowest ${formatMs(Math.min(...known))} · highest ${formatMs(Math.max(...known))}`;
}

/** Latency of the last minutes, or of the last looks: drawn by hand, one path. */
export const Sparkline = memo(function Sparkline({
  beats,
  minutes,
}: {
  beats: readonly Beat[];
  /** Averages by the minute, where they are known: they go back further. */
  minutes?: readonly (number | null)[] | undefined;
}) {
  const past = minutes && minutes.filter((value) => value !== null).length > 2 ? minutes : null;
  const values = past ?? beats.slice(-SHOWN).map((beat) => beat.latency_ms);
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return <span className="text-text-3">{UNKNOWN}</span>;
  return (
    <svg
      role="img"
      aria-label={tip(known)}
      data-tip={tip(known)}
      viewBox={`0 0 ${W} ${H}`}
      width={W}
      height={H}
    >
      <path
        d={sparklinePath(values, W, H)}
        fill="none"
        stroke="var(--text-3)"
        strokeWidth={1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});
