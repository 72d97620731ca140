import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Incident } from '@vigiles/contract';
import { ShieldCheck } from 'lucide-react';
import { useMemo } from 'react';
import { facetsQuery } from '../../data/knowledge.ts';
import { incidentsQuery } from '../../data/queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { severityFace, StateLabel } from '../../ui/state.tsx';
import { Ago, Span } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { faceOf } from './face-of.ts';
import { rowLink } from '../../ui/row-link.ts';
import { OlderPages } from '../../ui/older-pages.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';

const filters = [
  { id: '', label: 'All' },
  { id: 'open', label: 'Open' },
  { id: 'needs_person', label: 'Needs you' },
  { id: 'closed', label: 'Closed' },
];

const tierName = ({ tier, state }: Incident): string =>
  tier === 1 ? 'Rule' : tier === 2 ? 'Learned' : tier === 3 ? 'AI' : state === 'closed' ? '–' : '…';

function Title({ incident }: { incident: Incident }) {
  return (
    <Link to="/incidents/$id" params={{ id: incident.id }} data-row-link className={`${rowLink} font-medium`}>
      {incident.title}
    </Link>
  );
}

const columns: Column<Incident>[] = [
  { id: 'state', header: 'State', width: '108px', cell: (row) => <StateLabel face={faceOf(row)} /> },
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
  { id: 'title', header: 'What happened', width: 'minmax(0,3fr)', cell: (row) => <Title incident={row} /> },
  {
    id: 'service',
    header: 'Target',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{row.target}</span>,
  },
  {
    id: 'fault',
    header: 'Fault',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-3">{row.fault_id ?? row.fault_code}</span>,
  },
  {
    id: 'tier',
    header: 'Answer',
    width: '72px',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-3">{tierName(row)}</span>,
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

function Choice({
  label,
  all,
  value,
  items = [],
  onChange,
}: {
  label: string;
  all: string;
  value: string | undefined;
  items: readonly string[] | undefined;
  onChange: (value: string) => void;
}) {
  const known = value === undefined || items.includes(value) ? items : [value, ...items];
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
      className="h-7 max-w-44 rounded-md border border-edge bg-surface px-2 text-sm"
    >
      <option value="">{all}</option>
      {known.map((item) => (
        <option key={item} value={item}>
          {item}
        </option>
      ))}
    </select>
  );
}

/** Everything that broke, newest first. */
export function Incidents() {
  usePageTitle('Incidents');
  const search = useSearch({ from: '/shell/incidents-frame/incidents' });
  const navigate = useNavigate({ from: '/incidents' });
  const query = useInfiniteQuery(incidentsQuery(search));
  const facets = useQuery(facetsQuery).data;
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.incidents) ?? [], [query.data]);

  const change = (more: Partial<typeof search>): void => {
    const next = Object.entries({ ...search, ...more }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const filtered = Object.values(search).some(Boolean);

  return (
    <>
      <Toolbar>
        <Segmented
          label="State"
          items={filters}
          value={search.state ?? ''}
          onChange={(state) => change({ state })}
        />
        <Choice
          label="Target"
          all="Every target"
          value={search.service}
          items={facets?.targets}
          onChange={(service) => change({ service })}
        />
        <Choice
          label="Fault"
          all="Every fault"
          value={search.fault}
          items={facets?.faults}
          onChange={(fault) => change({ fault })}
        />
        <div className="min-w-40 flex-1 sm:max-w-64">
          <SearchField
            label="Search incidents"
            value={search.search ?? ''}
            onChange={(text) => change({ search: text })}
          />
        </div>
      </Toolbar>
      {query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} what="Incidents" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={10} />
      ) : rows.length === 0 ? (
        <EmptyState icon={ShieldCheck} title={filtered ? 'No incident matches' : 'No incidents so far'}>
          {filtered ? (
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
                <span className="truncate">{row.target}</span>
                <Ago ts={row.opened_at} className="ml-auto" />
              </div>
            </>
          )}
          footer={<OlderPages query={query}>Older incidents</OlderPages>}
        />
      )}
    </>
  );
}
