import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { FlakyTest } from '@vigiles/contract';
import { Shuffle } from 'lucide-react';
import { flakyQuery } from '../../data/ci-queries.ts';
import { UNKNOWN } from '../../format/number.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { percent, shortCommit } from './ci-face.ts';

function Title({ test }: { test: FlakyTest }) {
  return (
    <Link
      to="/ci"
      search={{ repository: test.repository, workflow: test.workflow }}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {test.test}
    </Link>
  );
}

const rate = ({ flips, failures }: FlakyTest): string =>
  failures === 0 ? UNKNOWN : percent(Math.min(1, flips / failures));

const columns: Column<FlakyTest>[] = [
  {
    id: 'flips',
    header: 'Flips',
    width: '52px',
    align: 'end',
    cell: ({ flips }) => <span className="font-medium">{flips}×</span>,
  },
  { id: 'test', header: 'Test or step', width: 'minmax(0,2fr)', cell: (row) => <Title test={row} /> },
  {
    id: 'job',
    header: 'Workflow and job',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => (
      <span className="truncate text-text-2">
        {row.workflow} <span className="text-text-3">{row.job}</span>
      </span>
    ),
  },
  {
    id: 'repository',
    header: 'Repository',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-2">{row.repository}</span>,
  },
  {
    id: 'rate',
    header: 'Of its failures',
    width: '92px',
    align: 'end',
    from: 'md',
    cell: (row) => (
      <span className="text-text-2">
        {rate(row)} <span className="text-text-3">of {row.failures}</span>
      </span>
    ),
  },
  {
    id: 'line',
    header: 'Last said',
    width: 'minmax(0,2fr)',
    from: 'md',
    cell: ({ last_line: line }) =>
      line === null ? (
        <span className="text-text-3">{UNKNOWN}</span>
      ) : (
        <span data-tip={line} className="relative z-[1] truncate font-mono text-xs text-text-3">
          {line}
        </span>
      ),
  },
  {
    id: 'commit',
    header: 'Commit',
    width: '64px',
    from: 'lg',
    cell: (row) => <span className="font-mono text-xs text-text-3">{shortCommit(row.last_commit)}</span>,
  },
  {
    id: 'last',
    header: 'Last',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.last_at} className="z-[1] text-text-3" />,
  },
];

/** What failed and then passed without a change. It stays here although the run passed. */
export function FlakyTests() {
  usePageTitle('Flaky tests');
  const query = useQuery(flakyQuery);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="Flaky tests" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={8} />;
  if (query.data.length === 0)
    return (
      <EmptyState icon={Shuffle} title="No test was caught flipping">
        A test that fails and passes on the same commit is kept here, also when the rerun made the run green.
      </EmptyState>
    );
  return (
    <VirtualTable
      className="bg-surface [--row-pad:var(--gutter)]"
      label="Flaky tests"
      columns={columns}
      rows={query.data}
      rowKey={(row) => [row.repository, row.workflow, row.job, row.test].join('\n')}
      compact={(row) => (
        <>
          <div className="flex items-center gap-3">
            <Title test={row} />
            <span className="num ml-auto shrink-0 font-medium">{row.flips}×</span>
          </div>
          <div className="flex items-center gap-3 text-sm text-text-3">
            <span className="min-w-0 truncate">
              {row.workflow} · {row.repository}
            </span>
            <Ago ts={row.last_at} className="ml-auto shrink-0" />
          </div>
        </>
      )}
    />
  );
}
