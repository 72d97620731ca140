import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../data/queries.ts';
import { formatMicros, formatUsd } from '../../format/money.ts';
import { cx } from '../../ui/cx.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';

/** One budget as a bar. Without a limit there is nothing to compare with, and no bar is drawn. */
function Budget({ label, micros, limitUsd }: { label: string; micros: number; limitUsd: number | null }) {
  const share = limitUsd === null || limitUsd === 0 ? null : micros / 1e6 / limitUsd;
  const tone = share === null || share < 0.8 ? 'bg-series' : share < 1 ? 'bg-warn-fill' : 'bg-bad-fill';
  return (
    <div>
      <div className="flex items-baseline justify-between gap-3">
        <span className="text-text-2">{label}</span>
        <span className="num">
          <span className="text-lg font-semibold">{formatMicros(micros)}</span>
          <span className="text-text-3">
            {limitUsd === null ? ' · no limit' : ` of ${formatUsd(limitUsd)}`}
          </span>
        </span>
      </div>
      {share !== null && (
        <div
          role="meter"
          aria-label={`${label}: share of the budget`}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.min(100, Math.round(share * 100))}
          aria-valuetext={`${Math.round(share * 100)}% of ${formatUsd(limitUsd)}`}
          className="mt-2 h-1.5 overflow-hidden rounded-full bg-idle-soft"
        >
          <div
            className={cx('h-full rounded-full', tone)}
            style={{ width: `${Math.min(100, share * 100)}%` }}
          />
        </div>
      )}
    </div>
  );
}

export function Spend() {
  const status = useQuery(statusQuery);
  const budgets = status.data?.budgets;
  return (
    <Panel title="Spend">
      {status.isError && !budgets ? (
        <ErrorState error={status.error} what="Spend" retry={() => void status.refetch()} />
      ) : !budgets ? (
        <div className="flex flex-col gap-5">
          <div className="skeleton h-8" />
          <div className="skeleton h-8" />
        </div>
      ) : (
        <div className="flex flex-col gap-5">
          <Budget label="Today" micros={budgets.spent_today_micros} limitUsd={budgets.daily_usd} />
          <Budget label="This month" micros={budgets.spent_month_micros} limitUsd={budgets.monthly_usd} />
          {budgets.unpriced_today > 0 && (
            <p className="num text-sm text-pretty text-text-3">
              {budgets.unpriced_today} turn{budgets.unpriced_today === 1 ? '' : 's'} today could not be priced
              and {budgets.unpriced_today === 1 ? 'is' : 'are'} not in these sums.
            </p>
          )}
        </div>
      )}
    </Panel>
  );
}
