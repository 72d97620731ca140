import { Link } from '@tanstack/react-router';
import type { UsageRow } from '@vigiles/contract';
import { formatMs } from '../../../format/duration.ts';
import { formatMicros } from '../../../format/money.ts';
import { formatCompact, formatCount } from '../../../format/number.ts';
import { VirtualTable, type Column } from '../../../ui/virtual-table.tsx';
import { seriesColour } from './colours.ts';
import { measures } from './stack.ts';
import type { UsageMeasure } from '../../../data/gateway-queries.ts';

function CostCell({ row }: { row: UsageRow }) {
  if (row.unpriced_turns === 0) return <>{formatMicros(row.cost_micros)}</>;
  if (row.unpriced_turns >= row.turns) return <span className="text-text-3">unpriced</span>;
  return (
    <span
      data-tip={`${formatCount(row.unpriced_turns)} of ${formatCount(row.turns)} turns could not be priced`}
    >
      {formatMicros(row.cost_micros)}
      <span className="text-text-3">+</span>
      <span className="sr-only"> and {row.unpriced_turns} unpriced turns</span>
    </span>
  );
}

/** What each key used; models and providers lead to their turns. A colour beside the name is the one of its layer in the chart. */
export function UsageTable({
  rows,
  by,
  measure,
  keys,
  nameOf,
}: {
  rows: UsageRow[];
  by: string;
  measure: UsageMeasure;
  keys: readonly string[];
  nameOf: (key: string) => string;
}) {
  const size = measures[measure];
  const sorted = rows.toSorted((a, b) => size(b) - size(a) || b.turns - a.turns);
  const name = (row: UsageRow) => {
    const place = keys.indexOf(row.key);
    return (
      <span className="flex min-w-0 items-center gap-2.5 font-medium">
        <span
          aria-hidden
          className="size-2.5 shrink-0 rounded-sm"
          style={{ background: `var(${seriesColour(place < 0 ? null : place)})` }}
        />
        {by === 'model' || by === 'provider' ? (
          <Link
            to="/gateway"
            search={{ [by]: row.key }}
            data-row-link
            className="truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {nameOf(row.key)}
          </Link>
        ) : (
          <span className="truncate">{nameOf(row.key)}</span>
        )}
      </span>
    );
  };
  const end = { align: 'end' } as const;
  const columns: Column<UsageRow>[] = [
    { id: 'key', header: by.charAt(0).toUpperCase() + by.slice(1), width: 'minmax(0,1fr)', cell: name },
    { id: 'turns', header: 'Turns', width: '64px', ...end, cell: (row) => formatCount(row.turns) },
    {
      id: 'errors',
      header: 'Errors',
      width: '56px',
      ...end,
      from: 'sm',
      cell: (row) => formatCount(row.errors),
    },
    { id: 'in', header: 'Tokens in', width: '72px', ...end, cell: (row) => formatCompact(row.input_tokens) },
    {
      id: 'cached',
      header: 'Cached',
      width: '64px',
      ...end,
      from: 'md',
      cell: (row) => formatCompact(row.cached_input_tokens),
    },
    { id: 'out', header: 'Out', width: '60px', ...end, cell: (row) => formatCompact(row.output_tokens) },
    {
      id: 'p50',
      header: 'Median',
      width: '68px',
      ...end,
      from: 'md',
      cell: (row) => formatMs(row.p50_latency_ms),
    },
    { id: 'cost', header: 'Cost', width: '84px', ...end, cell: (row) => <CostCell row={row} /> },
  ];
  return (
    <VirtualTable
      className="max-h-[420px] border-t border-line"
      label={`Usage by ${by}`}
      columns={columns}
      rows={sorted}
      rowKey={(row) => row.key}
      rowHeight={34}
      compact={(row) => (
        <>
          <div className="flex items-center gap-3">
            {name(row)}
            <span className="num ml-auto shrink-0">
              <CostCell row={row} />
            </span>
          </div>
          <div className="num flex gap-3 text-sm text-text-3">
            <span>{formatCount(row.turns)} turns</span>
            <span className="ml-auto">
              {formatCompact(row.input_tokens)} in · {formatCompact(row.output_tokens)} out
            </span>
          </div>
        </>
      )}
    />
  );
}
