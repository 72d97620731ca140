import type { Beat } from '@vigiles/contract';
import { useMemo } from 'react';
import { formatMs } from '../../format/duration.ts';
import { Chart } from '../../ui/chart.tsx';

/** Latency of every look that is kept; looks without an answer are gaps. */
export function LatencyChart({ beats }: { beats: readonly Beat[] }) {
  const x = useMemo(() => beats.map((beat) => beat.ts / 1000), [beats]);
  const series = useMemo(
    () => [{ label: 'Latency', values: beats.map((beat) => beat.latency_ms), color: '--series' }],
    [beats],
  );
  const known = beats.flatMap((beat) => (beat.latency_ms === null ? [] : [beat.latency_ms]));
  const label =
    known.length === 0
      ? 'No latency known'
      : `Latency of the last ${beats.length} looks, ${formatMs(Math.min(...known))} to ${formatMs(Math.max(...known))}`;
  return <Chart kind="line" label={label} x={x} series={series} format={formatMs} height={140} />;
}
