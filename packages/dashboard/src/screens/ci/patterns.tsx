import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CiPattern } from '@vigiles/contract';
import { Minus, Repeat, TrendingDown, TrendingUp } from 'lucide-react';
import { ciPatternsQuery } from '../../data/ci-queries.ts';
import { UNKNOWN } from '../../format/number.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { kindLabel } from './ci-face.ts';
import { DayBars } from './day-bars.tsx';

const trends = {
  rising: { icon: TrendingUp, label: 'Rising', tone: 'text-bad' },
  steady: { icon: Minus, label: 'Steady', tone: 'text-text-3' },
  falling: { icon: TrendingDown, label: 'Falling', tone: 'text-ok' },
} as const;

function Trend({ trend }: { trend: CiPattern['trend'] }) {
  const { icon: Icon, label, tone } = trends[trend];
  return (
    <span className={`inline-flex items-center gap-1.5 ${tone}`}>
      <Icon aria-hidden size={14} /> {label}
    </span>
  );
}

function Title({ pattern }: { pattern: CiPattern }) {
  return (
    <Link
      to="/ci"
      search={{ state: 'failed', repository: pattern.repository, workflow: pattern.workflow }}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {pattern.workflow}
      <span className="font-normal text-text-3">: {kindLabel[pattern.kind].toLowerCase()}</span>
    </Link>
  );
}

const columns: Column<CiPattern>[] = [
  {
    id: 'count',
    header: 'Times',
    width: '52px',
    align: 'end',
    cell: ({ count }) => <span className="font-medium">{count}×</span>,
  },
  { id: 'pattern', header: 'What fails', width: 'minmax(0,2fr)', cell: (row) => <Title pattern={row} /> },
  {
    id: 'repository',
    header: 'Repository',
    width: 'minmax(0,1fr)',
    from: 'md',
    cell: (row) => <span className="truncate text-text-2">{row.repository}</span>,
  },
  { id: 'trend', header: 'Trend', width: '88px', from: 'sm', cell: (row) => <Trend trend={row.trend} /> },
  {
    id: 'days',
    header: 'By day',
    width: '128px',
    from: 'sm',
    cell: (row) => <DayBars days={row.days.slice(-30)} label={row.pattern} />,
  },
  {
    id: 'healed',
    header: 'Healed',
    width: '60px',
    align: 'end',
    from: 'lg',
    cell: (row) => <span className="text-text-2">{row.auto_fixed}</span>,
  },
  {
    id: 'told',
    header: 'By hand',
    width: '60px',
    align: 'end',
    from: 'lg',
    cell: (row) => <span className="text-text-2">{row.manual}</span>,
  },
  {
    id: 'script',
    header: 'Fix script',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => (
      <span className="truncate font-mono text-xs text-text-3">{row.fix_script ?? UNKNOWN}</span>
    ),
  },
  {
    id: 'last',
    header: 'Last',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.last_at} className="z-[1] text-text-3" />,
  },
];

/** What keeps failing, and whether it gets worse. */
export function CiPatterns() {
  usePageTitle('CI patterns');
  const query = useQuery(ciPatternsQuery);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="Patterns" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={8} />;
  if (query.data.length === 0)
    return (
      <EmptyState icon={Repeat} title="Nothing keeps failing">
        A workflow that fails more than once in the same way is counted here, with whether it gets worse.
      </EmptyState>
    );
  return (
    <VirtualTable
      className="bg-surface [--row-pad:var(--gutter)]"
      label="Patterns"
      columns={columns}
      rows={query.data}
      rowKey={(row) => `${row.repository}/${row.pattern}`}
      compact={(row) => (
        <>
          <div className="flex items-center gap-3">
            <Title pattern={row} />
            <span className="num ml-auto shrink-0 font-medium">{row.count}×</span>
          </div>
          <div className="flex items-center gap-3 text-sm text-text-3">
            <Trend trend={row.trend} />
            <span className="min-w-0 truncate">{row.repository}</span>
            <Ago ts={row.last_at} className="ml-auto shrink-0" />
          </div>
        </>
      )}
    />
  );
}
