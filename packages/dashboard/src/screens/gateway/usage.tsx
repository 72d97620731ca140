import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { UsageRow } from '@vigiles/contract';
import { Suspense } from 'react';
import { usageQuery, type UsageDimension } from '../../data/queries.ts';
import { formatMs } from '../../format/duration.ts';
import { formatMicros } from '../../format/money.ts';
import { formatCompact, formatCount } from '../../format/number.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { lazyChart } from '../../ui/lazy-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

const UsageChart = lazyChart(async () => (await import('./usage-chart.tsx')).UsageChart);

const dimensions: { id: UsageDimension; label: string }[] = [
  { id: 'model', label: 'Model' },
  { id: 'provider', label: 'Provider' },
  { id: 'device', label: 'Device' },
  { id: 'session', label: 'Session' },
];
const spans = [
  { id: '24', label: '24 h' },
  { id: '72', label: '3 d' },
  { id: '168', label: '7 d' },
];
const MAX_ROWS = 12;
const head = 'h-8 px-2 text-right text-sm font-normal text-text-3 first:pl-4 first:text-left last:pr-4';
const cell = 'num relative h-9 px-2 text-right first:pl-4 first:text-left last:pr-4';

const tokens = (row: UsageRow): number => row.input_tokens + row.output_tokens;

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

function UsageTable({ rows, by, view }: { rows: UsageRow[]; by: string; view: 'cost' | 'tokens' }) {
  const size = (row: UsageRow): number => (view === 'cost' ? row.cost_micros : tokens(row));
  const sorted = rows.toSorted((a, b) => size(b) - size(a) || b.turns - a.turns).slice(0, MAX_ROWS);
  const top = Math.max(1, ...sorted.map(size));
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={`Usage by ${by}`}>
      <table className="w-full min-w-[520px] border-collapse">
        <thead>
          <tr className="border-y border-line">
            <th scope="col" className={`${head} capitalize`}>
              {by}
            </th>
            <th scope="col" className={head}>
              Turns
            </th>
            <th scope="col" className={head}>
              Errors
            </th>
            <th scope="col" className={head}>
              Tokens in
            </th>
            <th scope="col" className={head}>
              Out
            </th>
            <th scope="col" className={head}>
              p50
            </th>
            <th scope="col" className={head}>
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={row.key} className="border-b border-line last:border-0">
              <th scope="row" className={`${cell} w-[36%] max-w-0 font-medium`}>
                <span className="block truncate">{row.key || 'not said'}</span>
                <span
                  aria-hidden
                  className="absolute bottom-1 left-4 h-[3px] rounded-full bg-series-2"
                  style={{ width: `calc(${(size(row) / top) * 100}% - 24px)` }}
                />
              </th>
              <td className={cell}>{formatCount(row.turns)}</td>
              <td className={cell}>{formatCount(row.errors)}</td>
              <td className={cell}>{formatCompact(row.input_tokens)}</td>
              <td className={cell}>{formatCompact(row.output_tokens)}</td>
              <td className={cell}>{formatMs(row.p50_latency_ms)}</td>
              <td className={cell}>
                <CostCell row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Tokens and cost: hour by hour, and by what caused them. */
export function Usage() {
  const search = useSearch({ from: '/shell/gateway' });
  const navigate = useNavigate({ from: '/gateway' });
  const by = dimensions.find((each) => each.id === search.by)?.id ?? 'model';
  const span = spans.find((each) => each.id === search.span)?.id ?? '24';
  const view = search.view === 'tokens' ? 'tokens' : 'cost';
  const hourly = useQuery(usageQuery('hour', Number(span)));
  const rows = useQuery(usageQuery(by, Number(span)));
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({
      search: (before) => ({ ...before, ...change }),
      replace: true,
      resetScroll: false,
    });

  return (
    <Panel
      title="Usage"
      flush
      aside={
        <div className="flex flex-wrap justify-end gap-x-3">
          <Segmented
            label="Show"
            items={[
              { id: 'cost', label: 'Cost' },
              { id: 'tokens', label: 'Tokens' },
            ]}
            value={view}
            onChange={(id) => set({ view: id === 'cost' ? undefined : id })}
          />
          <Segmented
            label="Span"
            items={spans}
            value={span}
            onChange={(id) => set({ span: id === '24' ? undefined : id })}
          />
        </div>
      }
    >
      <div className={hourly.isError && !hourly.data ? 'hidden' : 'px-2 pt-3'}>
        {hourly.data ? (
          <Suspense fallback={<div style={{ height: 168 }} />}>
            <UsageChart rows={hourly.data} hours={Number(span)} view={view} />
          </Suspense>
        ) : (
          <div style={{ height: 168 }} />
        )}
      </div>
      <div className="px-3 pt-1 pb-2">
        <Segmented
          label="By"
          items={dimensions}
          value={by}
          onChange={(id) => set({ by: id === 'model' ? undefined : id })}
        />
      </div>
      {rows.isError && !rows.data ? (
        <ErrorState error={rows.error} what="Usage" retry={() => void rows.refetch()} />
      ) : !rows.data ? (
        <SkeletonRows rows={4} />
      ) : rows.data.length === 0 ? (
        <p className="border-t border-line px-4 py-8 text-center text-text-3">No turns in this span.</p>
      ) : (
        <UsageTable rows={rows.data} by={by} view={view} />
      )}
    </Panel>
  );
}
