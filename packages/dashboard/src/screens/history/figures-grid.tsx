import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SeriesLine } from '@vigiles/contract';
import { ChartLine } from 'lucide-react';
import { Suspense } from 'react';
import { markersQuery } from '../../data/marker-queries.ts';
import { seriesQuery } from '../../data/series-queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { lazyChart } from '../../ui/lazy-chart.tsx';
import { formatColumn, type Figure } from './figure-face.ts';
import type { HistorySpan } from './span.ts';

const FigureChart = lazyChart(async () => (await import('./figure-chart.tsx')).FigureChart);
const chartHeight = 140;

function Numbers({ figure, lines }: { figure: Figure; lines: readonly SeriesLine[] }) {
  const [line] = lines;
  const column = figure.columns[0]?.column ?? 'avg';
  if (!line || lines.length > 1) return null;
  const { summary } = line;
  const format = formatColumn(line.unit, column);
  const values: [string, number | null][] =
    column === 'up'
      ? [['', summary.uptime]]
      : column === 'sum'
        ? [['', summary.sum]]
        : column === 'p50'
          ? [
              ['p50', summary.p50],
              ['p99', summary.p99],
            ]
          : [
              ['now', summary.last],
              ['highest', summary.max],
            ];
  return (
    <span className="num ml-auto flex gap-3 text-text-3">
      {values.map(([label, value]) => (
        <span key={label}>
          {label} <span className="text-text">{value === null ? '—' : format(value)}</span>
        </span>
      ))}
    </span>
  );
}

/** Charts of some targets under one another, or side by side where there is room. Asked for in one call. */
export function FiguresGrid({
  figures,
  targets,
  service,
  span,
  empty,
}: {
  figures: readonly Figure[];
  /** None: every target that has the figure. */
  targets: readonly string[];
  /** Whose incidents the charts are marked with; null: of all. */
  service: string | null;
  span: HistorySpan;
  empty: string;
}) {
  const client = useQueryClient();
  const names = [...new Set(figures.map(({ name }) => name))];
  const query = useQuery(seriesQuery(client, names, targets, span));
  const { data: markers = [] } = useQuery(markersQuery(service));
  const { data } = query;
  if (query.isError && !data)
    return <ErrorState error={query.error} what="The history" retry={() => void query.refetch()} />;
  const shown = figures.filter(
    ({ name, columns }) =>
      !data ||
      data.lines.some((line) =>
        line.name === name && columns[0]?.column === 'up'
          ? line.summary.uptime !== null
          : line.name === name && line.summary.samples > 0,
      ),
  );
  if (data && shown.length === 0)
    return (
      <EmptyState icon={ChartLine} title="Nothing in this span">
        {empty}
      </EmptyState>
    );
  return (
    <div
      className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,380px),1fr))] gap-x-6 gap-y-4"
      aria-busy={!data}
    >
      {shown.map((figure) => (
        <figure key={figure.id} className="min-w-0">
          <figcaption className="mb-1 flex items-baseline gap-3 text-sm">
            <span className="font-medium text-text-2">{figure.title}</span>
            {data && (
              <Numbers figure={figure} lines={data.lines.filter(({ name }) => name === figure.name)} />
            )}
          </figcaption>
          {data ? (
            <Suspense fallback={<div style={{ height: chartHeight }} />}>
              <FigureChart figure={figure} answer={data} markers={markers} height={chartHeight} />
            </Suspense>
          ) : (
            <div className="skeleton rounded-md" style={{ height: chartHeight }} />
          )}
        </figure>
      ))}
    </div>
  );
}
