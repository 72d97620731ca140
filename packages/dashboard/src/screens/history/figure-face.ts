import type { SeriesUnit } from '@vigiles/contract';
import { formatMs } from '../../format/duration.ts';
import { formatMicros } from '../../format/money.ts';
import { formatCompact, formatMegabytes, formatShare } from '../../format/number.ts';

const formats: Record<SeriesUnit, (value: number) => string> = {
  ms: formatMs,
  bytes: (value) => formatMegabytes(value / 1_048_576),
  percent: (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)}%`,
  count: formatCompact,
  per_second: (value) => `${formatCompact(value)}/s`,
  micros: formatMicros,
  days: (value) => `${Math.round(value)} d`,
  none: (value) => (value < 10 ? value.toFixed(2) : formatCompact(value)),
};

/** How a value of a figure is written. */
export const formatUnit = (unit: SeriesUnit): ((value: number) => string) => formats[unit];

/** Which columns of a figure are drawn, each as a line. `share`: uptime, 0 to 1. */
export interface FigureColumn {
  column: 'avg' | 'max' | 'p50' | 'p99' | 'sum' | 'up';
  label: string;
}

/** A chart of the history: one figure and what is shown of it. */
export interface Figure {
  id: string;
  title: string;
  name: string;
  columns: readonly FigureColumn[];
  kind: 'line' | 'bars';
}

const avg = [{ column: 'avg', label: '' }] as const;
const sum = [{ column: 'sum', label: '' }] as const;

export const serviceFigures: readonly Figure[] = [
  {
    id: 'latency',
    title: 'Latency',
    name: 'latency',
    columns: [
      { column: 'p50', label: 'p50' },
      { column: 'p99', label: 'p99' },
    ],
    kind: 'line',
  },
  { id: 'uptime', title: 'Uptime', name: 'latency', columns: [{ column: 'up', label: '' }], kind: 'line' },
  { id: 'memory', title: 'Memory', name: 'memory', columns: avg, kind: 'line' },
  { id: 'cpu', title: 'CPU', name: 'cpu', columns: avg, kind: 'line' },
  { id: 'fds', title: 'Open files', name: 'fds', columns: avg, kind: 'line' },
];

export const hostFigures: readonly Figure[] = [
  { id: 'host.cpu', title: 'CPU of this machine', name: 'host.cpu', columns: avg, kind: 'line' },
  { id: 'host.memory', title: 'Memory in use', name: 'host.memory', columns: avg, kind: 'line' },
  { id: 'host.disk', title: 'Disk in use', name: 'host.disk', columns: avg, kind: 'line' },
  { id: 'host.load', title: 'Load', name: 'host.load', columns: avg, kind: 'line' },
];

export const providerFigures: readonly Figure[] = [
  { id: 'gateway.turns', title: 'Turns', name: 'gateway.turns', columns: sum, kind: 'bars' },
  { id: 'gateway.errors', title: 'Failed turns', name: 'gateway.errors', columns: sum, kind: 'bars' },
  { id: 'gateway.cost', title: 'Cost', name: 'gateway.cost', columns: sum, kind: 'bars' },
  {
    id: 'gateway.latency',
    title: 'Time of a turn, p50',
    name: 'gateway.latency',
    columns: [{ column: 'p50', label: '' }],
    kind: 'line',
  },
];

export const controlFigures: readonly Figure[] = [
  {
    id: 'control.lag',
    title: 'Event loop lag',
    name: 'control.lag',
    columns: [{ column: 'max', label: '' }],
    kind: 'line',
  },
  { id: 'control.memory', title: 'Memory of control', name: 'control.memory', columns: avg, kind: 'line' },
];

export const formatColumn = (unit: SeriesUnit, column: FigureColumn['column']): ((value: number) => string) =>
  column === 'up' ? formatShare : formatUnit(unit);
