import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { Suspense, useCallback, useMemo } from 'react';
import { usageQuery, type UsageDimension, type UsageMeasure } from '../../../data/gateway-queries.ts';
import { formatMicros } from '../../../format/money.ts';
import { formatCompact, formatCount } from '../../../format/number.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { lazyChart } from '../../../ui/lazy-chart.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Budgets } from './budgets.tsx';
import { colouredKeys, stackUsage } from './stack.ts';
import { UsageTable } from './usage-table.tsx';

const UsageChart = lazyChart(async () => (await import('./usage-chart.tsx')).UsageChart);

const dimensions: { id: UsageDimension; label: string }[] = [
  { id: 'model', label: 'Model' },
  { id: 'provider', label: 'Provider' },
  { id: 'device', label: 'Device' },
  { id: 'session', label: 'Session' },
  { id: 'workspace', label: 'Workspace' },
];
const spans = [
  { id: '24', label: '24 h' },
  { id: '168', label: '7 d' },
  { id: '720', label: '30 d' },
];
const shown: { id: UsageMeasure; label: string }[] = [
  { id: 'cost', label: 'Cost' },
  { id: 'tokens', label: 'Tokens' },
  { id: 'turns', label: 'Turns' },
];

/** Tokens and cost: over time, by what caused them, and against the budgets. */
export function Usage() {
  usePageTitle('Usage');
  const search = useSearch({ from: '/shell/gateway-frame/gateway/usage' });
  const navigate = useNavigate({ from: '/gateway/usage' });
  const by = dimensions.find((each) => each.id === search.by)?.id ?? 'model';
  const hours = Number(spans.find((each) => each.id === search.span)?.id ?? '24');
  const measure = shown.find((each) => each.id === search.view)?.id ?? 'cost';
  // A month of hours would be 720 bars; by the day it can be read.
  const bucket =
    search.bucket === 'day' || search.bucket === 'hour' ? search.bucket : hours > 168 ? 'day' : 'hour';
  const query = useQuery({ ...usageQuery(by, hours, bucket, measure), placeholderData: keepPreviousData });
  const { data } = query;
  const nameOf = useCallback((key: string) => key || 'not said', []);
  const keys = useMemo(() => (data ? colouredKeys(data.rows, measure) : []), [data, measure]);
  const stack = useMemo(
    () => data && stackUsage(data.series, keys, measure, { since: data.since, until: data.until, bucket }),
    [data, keys, measure, bucket],
  );
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false });
  // Of the series, which has everything: the rows end somewhere.
  const total = stack?.sum ?? 0;
  const format = measure === 'cost' ? formatMicros : measure === 'tokens' ? formatCompact : formatCount;

  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1320px] flex-col gap-4 px-(--gutter) py-6">
        <Panel
          title="Usage"
          flush
          aside={
            <div className="flex flex-wrap justify-end gap-x-3">
              <Segmented
                label="Show"
                items={shown}
                value={measure}
                onChange={(id) => set({ view: id === 'cost' ? undefined : id })}
              />
              <Segmented
                label="Span"
                items={spans}
                value={String(hours)}
                onChange={(id) => set({ span: id === '24' ? undefined : id, bucket: undefined })}
              />
            </div>
          }
        >
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-3">
            {data && (
              <p className="flex items-baseline gap-2 text-sm text-text-3">
                <span className="num text-xl font-semibold text-text">{format(total)}</span> {measure} in this
                span
              </p>
            )}
            <div className="ml-auto">
              <Segmented
                label="Bars"
                items={[
                  { id: 'hour', label: 'Hourly' },
                  { id: 'day', label: 'Daily' },
                ]}
                value={bucket}
                onChange={(id) => set({ bucket: id })}
              />
            </div>
          </div>
          <div className={(query.isError && !data) || data?.rows.length === 0 ? 'hidden' : 'px-2 pt-2'}>
            {stack ? (
              <Suspense fallback={<div style={{ height: 180 }} />}>
                <UsageChart stack={stack} measure={measure} bucket={bucket} nameOf={nameOf} />
              </Suspense>
            ) : (
              <div style={{ height: 180 }} />
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
          {query.isError && !data ? (
            <ErrorState error={query.error} what="Usage" retry={() => void query.refetch()} />
          ) : !data ? (
            <SkeletonRows rows={4} />
          ) : data.rows.length === 0 ? (
            <div className="border-t border-line">
              <EmptyState icon={ChartColumn} title="No turns in this span">
                Everything that goes through the gateway is counted here.
              </EmptyState>
            </div>
          ) : (
            <UsageTable rows={data.rows} by={by} measure={measure} keys={keys} nameOf={nameOf} />
          )}
        </Panel>
        <Budgets />
      </div>
    </div>
  );
}
