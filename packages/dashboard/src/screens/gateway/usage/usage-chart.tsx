import { useMemo } from 'react';
import { formatMicros } from '../../../format/money.ts';
import { formatCompact } from '../../../format/number.ts';
import { Chart } from '../../../ui/chart.tsx';
import { seriesColour } from './colours.ts';
import type { Stack } from './stack.ts';
import type { UsageMeasure } from '../../../data/gateway-queries.ts';

/** Usage over time, stacked by what caused it. */
export function UsageChart({
  stack,
  measure,
  bucket,
  nameOf,
}: {
  stack: Stack;
  measure: UsageMeasure;
  bucket: 'hour' | 'day';
  nameOf: (key: string) => string;
}) {
  // Drawn from the top of the stack down, each over the one before it.
  const series = useMemo(
    () =>
      stack.layers
        .map(({ key, values, tops }, i) => ({
          label: key === null ? 'the rest' : nameOf(key),
          values: tops,
          told: values,
          color: seriesColour(key === null ? null : i),
        }))
        .toReversed(),
    [stack, nameOf],
  );
  const format = measure === 'cost' ? formatMicros : formatCompact;
  return (
    <Chart
      kind="bars"
      bucketS={bucket === 'hour' ? 3600 : 86_400}
      label={`${measure} by ${bucket}, ${format(stack.sum)} in all`}
      x={stack.x}
      series={series}
      format={format}
      height={180}
    />
  );
}
