import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Incident } from '@vigiles/contract';
import { ShieldCheck, X } from 'lucide-react';
import { useMemo } from 'react';
import { incidentsQuery } from '../../data/queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { severityFace, StateLabel } from '../../ui/state.tsx';
import { Ago, Span } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { faceOf } from './face-of.ts';

const filters = [
  { id: '', label: 'All' },
  { id: 'open', label: 'Open' },
  { id: 'needs_person', label: 'Needs you' },
  { id: 'closed', label: 'Closed' },
];

function Title({ incident }: { incident: Incident }) {
  return (
    <Link
      to="/incidents/$id"
      params={{ id: incident.id }}
      data-row-link
      className="min-w-0 truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      {incident.title}
    </Link>
  );
}

const columns: Column<Incident>[] = [
  { id: 'state', header: 'State', width: '120px', cell: (row) => <StateLabel face={faceOf(row)} /> },
  {
    id: 'severity',
    header: 'Severity',
    width: '92px',
    from: 'md',
    // Severity matters while it is open; later it should not shout.
    cell: (row) => (
      <StateLabel
        face={
          row.state === 'closed'
            ? { ...severityFace[row.severity], tone: 'idle' }
            : severityFace[row.severity]
        }
        quiet
      />
    ),
  },
  { id: 'title', header: 'What happened', width: 'minmax(0,1fr)', cell: (row) => <Title incident={row} /> },
  {
    id: 'service',
    header: 'Service',
    width: '140px',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{row.service}</span>,
  },
  {
    id: 'times',
    header: 'Times',
    width: '48px',
    align: 'end',
    from: 'lg',
    cell: (row) => <span className="text-text-2">{row.occurrences}</span>,
  },
  {
    id: 'took',
    header: 'Lasted',
    width: '76px',
    align: 'end',
    from: 'md',
    cell: (row) => (
      <span className="text-text-2">
        <Span since={row.opened_at} until={row.closed_at} />
      </span>
    ),
  },
  {
    id: 'opened',
    header: 'Opened',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.opened_at} className="z-[1] text-text-3" />,
  },
];

/** Everything that broke, newest first. */
export function Incidents() {
  usePageTitle('Incidents');
  const search = useSearch({ from: '/shell/incidents' });
  const navigate = useNavigate({ from: '/incidents' });
  const query = useInfiniteQuery(incidentsQuery(search));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.incidents) ?? [], [query.data]);

  return (
    <>
      <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-2 border-b border-line px-(--gutter) py-2">
        <Segmented
          label="State"
          items={filters}
          value={search.state ?? ''}
          onChange={(state) =>
            void navigate({
              search: { ...(search.service ? { service: search.service } : {}), ...(state ? { state } : {}) },
              replace: true,
            })
          }
        />
        {search.service && (
          <Button
            variant="ghost"
            onClick={() =>
              void navigate({ search: search.state ? { state: search.state } : {}, replace: true })
            }
          >
            {search.service} <X aria-hidden size={13} />
            <span className="sr-only">Remove this filter</span>
          </Button>
        )}
        <Link to="/faults" className="ml-auto text-sm text-text-2 hover:text-text">
          Fault catalogue
        </Link>
      </div>
      {query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} what="Incidents" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={10} />
      ) : rows.length === 0 ? (
        <EmptyState
          icon={ShieldCheck}
          title={search.state || search.service ? 'No incident matches' : 'No incidents so far'}
        >
          {search.state || search.service ? (
            <Button className="mt-2" onClick={() => void navigate({ search: {} })}>
              Show all
            </Button>
          ) : (
            'When something breaks, what Vigiles saw, decided and did is told here.'
          )}
        </EmptyState>
      ) : (
        <VirtualTable
          className="bg-surface [--row-pad:var(--gutter)]"
          label="Incidents"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          compact={(row) => (
            <>
              <div className="flex">
                <Title incident={row} />
              </div>
              <div className="flex items-center gap-2 text-sm text-text-3">
                <StateLabel face={faceOf(row)} />
                <span className="truncate">{row.service}</span>
                <Ago ts={row.opened_at} className="ml-auto" />
              </div>
            </>
          )}
          footer={
            query.hasNextPage && (
              <div className="grid place-items-center p-4">
                <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {query.isFetchingNextPage ? 'Loading…' : 'Older incidents'}
                </Button>
              </div>
            )
          }
        />
      )}
    </>
  );
}
