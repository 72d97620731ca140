import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { CiRun } from '@vigiles/contract';
import { Workflow } from 'lucide-react';
import { useMemo } from 'react';
import { ciRunsQuery, githubHealthQuery } from '../../data/ci-queries.ts';
import { UNKNOWN } from '../../format/number.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel, toneText } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { actionText, actionTone, kindLabel, minutesText, percent, runFace, shortCommit } from './ci-face.ts';
import { HealthStrip } from './health-strip.tsx';
import { SetUp } from './set-up.tsx';

const states = [
  { id: '', label: 'All' },
  { id: 'failed', label: 'Failed' },
  { id: 'flaky', label: 'Flaky' },
  { id: 'running', label: 'Running' },
  { id: 'passed', label: 'Passed' },
];

function Title({ run }: { run: CiRun }) {
  return (
    <Link to="/ci/runs/$id" params={{ id: run.id }} data-row-link className={`${rowLink} font-medium`}>
      {run.workflow}
    </Link>
  );
}

/** The line that decided, with its number; the reason where no line did. */
function Evidence({ run: { verdict } }: { run: CiRun }) {
  if (!verdict) return <span className="text-text-3">{UNKNOWN}</span>;
  const { line, reason } = verdict;
  return line ? (
    <span
      data-tip={`Line ${line.number}\n${line.text}`}
      className="relative z-[1] min-w-0 truncate font-mono text-xs text-text-2"
    >
      <span className="text-text-3">{line.number}</span> {line.text}
    </span>
  ) : (
    <span className="min-w-0 truncate text-text-3">{reason}</span>
  );
}

function Done({ run }: { run: CiRun }) {
  const { action } = run;
  if (!action) return <span className="text-text-3">{UNKNOWN}</span>;
  return (
    <span data-tip={action.reason} className={`relative z-[1] truncate ${toneText[actionTone(action)]}`}>
      {actionText(run)}
    </span>
  );
}

const columns: Column<CiRun>[] = [
  { id: 'state', header: 'State', width: '96px', cell: (row) => <StateLabel face={runFace[row.state]} /> },
  {
    id: 'workflow',
    header: 'Workflow',
    width: 'minmax(120px,1fr)',
    cell: (row) => (
      <>
        <Title run={row} />
        {row.attempt > 1 && <span className="num ml-2 shrink-0 text-sm text-text-3">×{row.attempt}</span>}
      </>
    ),
  },
  {
    id: 'where',
    header: 'Repository',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => (
      <span data-tip={row.repository} className="relative z-[1] min-w-0 truncate text-text-2">
        {row.repository.slice(row.repository.indexOf('/') + 1)}
      </span>
    ),
  },
  {
    id: 'branch',
    header: 'Branch',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="min-w-0 truncate text-text-3">{row.branch}</span>,
  },
  {
    id: 'commit',
    header: 'Commit',
    width: '64px',
    from: 'xl',
    cell: (row) => <span className="font-mono text-xs text-text-3">{shortCommit(row.commit)}</span>,
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '142px',
    from: 'md',
    cell: ({ verdict }) =>
      verdict ? (
        <span className="truncate">
          {kindLabel[verdict.kind]}{' '}
          {verdict.kind !== 'unknown' && (
            <span className="num text-sm text-text-3">{percent(verdict.confidence)}</span>
          )}
        </span>
      ) : (
        <span className="text-text-3">{UNKNOWN}</span>
      ),
  },
  {
    id: 'evidence',
    header: 'Because of line',
    width: 'minmax(0,2fr)',
    from: 'lg',
    cell: (row) => <Evidence run={row} />,
  },
  { id: 'done', header: 'Done', width: '132px', from: 'md', cell: (row) => <Done run={row} /> },
  {
    id: 'minutes',
    header: 'Spent',
    width: '64px',
    align: 'end',
    from: 'xl',
    cell: ({ minutes_spent: minutes }) => (
      <span className="text-text-3">{minutes > 0 ? minutesText(minutes) : UNKNOWN}</span>
    ),
  },
  {
    id: 'at',
    header: 'Began',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.started_at} className="z-[1] text-text-3" />,
  },
];

/** Runs of GitHub Actions, newest first: what failed, why, and what was done. */
export function CiRuns() {
  usePageTitle('CI');
  const search = useSearch({ from: '/shell/ci-frame/ci' });
  const navigate = useNavigate({ from: '/ci' });
  const query = useInfiniteQuery(ciRunsQuery(search));
  const health = useQuery(githubHealthQuery).data;
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.runs) ?? [], [query.data]);
  const filtered = Object.values(search).some(Boolean);
  const set = (change: Record<string, string>): void =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const repositories = health?.repo.allowed ?? [];
  const choices =
    search.repository && !repositories.includes(search.repository)
      ? [search.repository, ...repositories]
      : repositories;
  const isBare = query.isSuccess && rows.length === 0 && !filtered;

  if (isBare && health && (health.status === 'off' || repositories.length === 0))
    return <SetUp health={health} />;
  return (
    <>
      <HealthStrip />
      <Toolbar>
        <Segmented
          label="State"
          items={states}
          value={search.state ?? ''}
          onChange={(state) => set({ state })}
        />
        <select
          aria-label="Repository"
          value={search.repository ?? ''}
          onChange={(event) => set({ repository: event.target.value })}
          className="h-7 max-w-64 rounded-md border border-edge bg-surface px-2 text-sm"
        >
          <option value="">Every repository</option>
          {choices.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {search.workflow && (
          <Button onClick={() => set({ workflow: '' })}>
            {search.workflow} <span className="font-normal text-text-3">clear</span>
          </Button>
        )}
      </Toolbar>
      {query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} what="Runs" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={10} />
      ) : rows.length === 0 ? (
        <EmptyState icon={Workflow} title={filtered ? 'No run matches' : 'No run was seen yet'}>
          {filtered ? (
            <Button className="mt-2" onClick={() => void navigate({ search: {} })}>
              Show all
            </Button>
          ) : (
            'The next run of a watched repository appears here by itself.'
          )}
        </EmptyState>
      ) : (
        <VirtualTable
          className="bg-surface [--row-pad:var(--gutter)]"
          label="Runs"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          resetKey={JSON.stringify(search)}
          compact={(row) => (
            <>
              <div className="flex items-center gap-2">
                <Title run={row} />
                <span className="ml-auto shrink-0 text-sm text-text-2">
                  {row.verdict ? kindLabel[row.verdict.kind] : ''}
                </span>
              </div>
              <div className="flex items-center gap-2 text-sm text-text-3">
                <StateLabel face={runFace[row.state]} />
                <span className="min-w-0 truncate">
                  {row.branch} · {row.repository}
                </span>
                <Ago ts={row.started_at} className="ml-auto shrink-0" />
              </div>
            </>
          )}
          footer={<OlderPages query={query}>Older runs</OlderPages>}
        />
      )}
    </>
  );
}
