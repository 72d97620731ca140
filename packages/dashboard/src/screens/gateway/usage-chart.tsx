import type { UsageRow } from '@vigiles/contract';
import { useMemo } from 'react';
import { formatMicros } from '../../format/money.ts';
import { formatCompact } from '../../format/number.ts';
import { Chart } from '../../ui/chart.tsx';
import { fillHours } from './hours.ts';

/** Tokens or cost, hour by hour. */
export function UsageChart({
  rows,
  hours,
  view,
}: {
  rows: UsageRow[];
  hours: number;
  view: 'cost' | 'tokens';
}) {
  const cost = view === 'cost';
  const { x, y } = useMemo(
    () =>
      fillHours(rows, hours, Date.now(), (row) =>
        cost ? row.cost_micros : row.input_tokens + row.output_tokens,
      ),
    [rows, hours, cost],
  );
  const series = useMemo(
    () => [{ label: cost ? 'Cost' : 'Tokens', values: y, color: '--series' }],
    [y, cost],
  );
  const sum = y.reduce((a, b) => a + b, 0);
  const format = cost ? formatMicros : formatCompact;
  return (
    <Chart
      kind="bars"
      label={`${cost ? 'Cost' : 'Tokens'} by hour over ${hours} hours, ${format(sum)} in all`}
      x={x}
      series={series}
      format={format}
      height={168}
    />
  );
}
