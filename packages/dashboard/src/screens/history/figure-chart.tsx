import type { SeriesAnswer, SeriesMarker, SeriesUnit } from '@vigiles/contract';
import { useMemo } from 'react';
import { Chart } from '../../ui/chart.tsx';
import { formatColumn, type Figure } from './figure-face.ts';
import { markersIn } from './marker-face.ts';

const stepsOf = (unit: SeriesUnit) => (unit === 'bytes' || unit === 'count' ? unit : undefined);

/** More lines than this nobody can tell apart. */
const maxLines = 5;

/** One figure of the history as a chart; several targets are several lines. The cursor is that of all charts on the screen. */
export function FigureChart({
  figure,
  answer,
  markers,
  height = 140,
}: {
  figure: Figure;
  answer: SeriesAnswer;
  markers: readonly SeriesMarker[];
  height?: number;
}) {
  const lines = answer.lines.filter((line) => line.name === figure.name).slice(0, maxLines);
  const first = lines[0];
  const x = useMemo(
    () => Array.from({ length: answer.buckets }, (_, at) => (answer.start + at * answer.step_ms) / 1000),
    [answer],
  );
  const series = useMemo(
    () =>
      answer.lines
        .filter((line) => line.name === figure.name)
        .slice(0, maxLines)
        .flatMap((line, at, all) =>
          figure.columns.map(({ column, label }, place) => ({
            label: [all.length > 1 ? line.target : '', label].filter(Boolean).join(' ') || figure.title,
            values: line[column],
            color: all.length > 1 ? `--layer-${at + 1}` : place === 0 ? '--series' : '--series-2',
          })),
        ),
    [answer, figure],
  );
  const range = useMemo(
    (): [number, number] => [answer.from / 1000, answer.to / 1000],
    [answer.from, answer.to],
  );
  const spans = useMemo(() => markersIn(markers, answer.from, answer.to), [markers, answer.from, answer.to]);
  const column = figure.columns[0]?.column ?? 'avg';
  const format = formatColumn(first?.unit ?? 'none', column);
  const told = lines.map(({ target, summary }) => {
    if (column === 'up') return `${target}: ${summary.uptime === null ? 'unknown' : format(summary.uptime)}`;
    const { min, max, avg } = summary;
    if (min === null || max === null || avg === null) return `${target}: nothing known`;
    return column === 'sum'
      ? `${target}: ${format(summary.sum ?? 0)} in all`
      : `${target}: ${format(min)} to ${format(max)}, ${format(avg)} on average`;
  });
  return (
    <Chart
      kind={figure.kind}
      label={`${figure.title}. ${told.join('; ')}. ${spans.length > 0 ? `${spans.length} incidents, actions and changes in this span.` : ''}`}
      x={x}
      series={series}
      format={format}
      bucketS={answer.step_ms / 1000}
      height={height}
      sync="history"
      range={range}
      markers={spans}
      top={column === 'up' ? 1 : undefined}
      steps={column === 'up' || !first ? undefined : stepsOf(first.unit)}
    />
  );
}
