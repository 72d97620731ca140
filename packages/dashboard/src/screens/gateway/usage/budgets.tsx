import { useQuery } from '@tanstack/react-query';
import type { BudgetState, TurnLimitState } from '@vigiles/contract';
import { Wallet } from 'lucide-react';
import { budgetsQuery } from '../../../data/gateway-queries.ts';
import { formatSpan } from '../../../format/duration.ts';
import { formatMicros } from '../../../format/money.ts';
import { formatCompact, formatCount } from '../../../format/number.ts';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { toneText } from '../../../ui/state.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { budgetLine, THRESHOLDS } from './budget-line.ts';

const fills = {
  ok: 'bg-series',
  idle: 'bg-series',
  busy: 'bg-series',
  warn: 'bg-warn-fill',
  bad: 'bg-bad-fill',
};

/** A share of something limited, with the thresholds as marks. */
function Bar({
  spent,
  reserved,
  fill,
  marks,
}: {
  spent: number;
  reserved: number;
  fill: string;
  marks: boolean;
}) {
  return (
    <div aria-hidden className="relative h-2 overflow-hidden rounded-full bg-line">
      <span className="absolute inset-y-0 bg-series-2" style={{ width: `${(spent + reserved) * 100}%` }} />
      <span className={cx('absolute inset-y-0 left-0', fill)} style={{ width: `${spent * 100}%` }} />
      {marks &&
        THRESHOLDS.filter((each) => each < 100).map((each) => (
          <span key={each} className="absolute inset-y-0 w-px bg-surface" style={{ left: `${each}%` }} />
        ))}
    </div>
  );
}

function Budget({ budget }: { budget: BudgetState }) {
  const line = budgetLine(budget);
  const now = useNow();
  return (
    <li className="px-4 py-3">
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 font-medium break-all">{line.name}</span>
        <span className="text-sm text-text-3">{budget.span === 'daily' ? 'today' : 'this month'}</span>
        {line.word && <span className={cx('text-sm', toneText[line.tone])}>{line.word}</span>}
        <span className="num ml-auto">
          {formatMicros(budget.spent_micros)}{' '}
          <span className="text-text-3">of {formatMicros(budget.limit_micros)}</span>
        </span>
      </div>
      <Bar spent={line.spent} reserved={line.reserved} fill={fills[line.tone]} marks />
      <div className="num mt-1 flex flex-wrap gap-x-4 text-sm text-text-3">
        <span>{line.percent}%</span>
        <span>
          {budget.reserved_micros === null
            ? 'reserved: unknown'
            : budget.reserved_micros > 0
              ? `${formatMicros(budget.reserved_micros)} reserved`
              : ''}
        </span>
        <span className="ml-auto">new in {formatSpan(budget.ends_at - now)}</span>
      </div>
    </li>
  );
}

const limitName = ({ device, model }: TurnLimitState): string =>
  [device ?? 'All devices together', model].filter(Boolean).join(' · ');

function Limit({ limit }: { limit: TurnLimitState }) {
  const share = Math.min(1, limit.used / limit.limit);
  const tone = share >= 1 ? 'bad' : share >= 0.9 ? 'warn' : 'idle';
  return (
    <li className="px-4 py-2.5">
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3">
        <span className="min-w-0 break-all">{limitName(limit)}</span>
        <span className="text-sm text-text-3">
          {limit.unit} a {limit.window}
        </span>
        <span className="num ml-auto">
          {formatCompact(limit.used)} <span className="text-text-3">of {formatCount(limit.limit)}</span>
        </span>
      </div>
      <Bar spent={share} reserved={0} fill={fills[tone]} marks={false} />
    </li>
  );
}

/** Budgets and limits, and what is left of them. */
export function Budgets() {
  const query = useQuery(budgetsQuery);
  const { data } = query;
  if (query.isError && !data) {
    return (
      <Panel title="Budgets" flush>
        <ErrorState error={query.error} what="Budgets" retry={() => void query.refetch()} />
      </Panel>
    );
  }
  return (
    <div className="grid items-start gap-4 @4xl:grid-cols-2">
      <Panel title="Budgets" flush aside="told at 50, 75, 90 and 100%">
        {!data ? (
          <SkeletonRows rows={3} height={56} />
        ) : data.budgets.length === 0 ? (
          <EmptyState icon={Wallet} title="No budget is set">
            Spending has no limit. <code className="font-mono text-xs">budgets.daily_usd</code> sets one.
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {data.budgets.map((budget) => (
              <Budget key={`${budget.scope} ${budget.name} ${budget.span}`} budget={budget} />
            ))}
          </ul>
        )}
      </Panel>
      <Panel title="Limits" flush>
        {!data ? (
          <SkeletonRows rows={3} height={40} />
        ) : data.limits === null ? (
          <p className="px-4 py-8 text-center text-text-3">
            The gateway counts them, and it does not answer.
          </p>
        ) : data.limits.length === 0 ? (
          <p className="px-4 py-8 text-center text-text-3">
            None has been touched today. <code className="font-mono text-xs">gateway.limits</code> sets them.
          </p>
        ) : (
          <ul className="max-h-[420px] divide-y divide-line overflow-y-auto" tabIndex={0} aria-label="Limits">
            {data.limits.map((limit) => (
              <Limit
                key={JSON.stringify([limit.device, limit.model, limit.unit, limit.window])}
                limit={limit}
              />
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}
