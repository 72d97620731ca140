import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Session } from '@vigiles/contract';
import { Bot, Eye } from 'lucide-react';
import { useMemo } from 'react';
import { sessionsQuery } from '../../data/session-queries.ts';
import { formatMicros } from '../../format/money.ts';
import { UNKNOWN } from '../../format/number.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { agentKinds, agentName, phaseFace, phases } from './session-face.ts';

/** The phases that stand as buttons; the others are in the list beside them. */
const usual = [
  { id: '', label: 'All' },
  { id: 'waiting', label: 'Waits for you' },
  { id: 'running', label: 'Running' },
  { id: 'halted', label: 'Halted' },
  { id: 'failed', label: 'Failed' },
];

function Title({ session }: { session: Session }) {
  return (
    <Link
      to="/sessions/$id"
      params={{ id: session.session_id }}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {session.title || session.session_id}
    </Link>
  );
}

const cost = (session: Session): string =>
  session.cost_microusd > 0 ? formatMicros(session.cost_microusd) : UNKNOWN;

const columns: Column<Session>[] = [
  { id: 'state', header: 'State', width: '124px', cell: (row) => <StateLabel face={phaseFace[row.phase]} /> },
  { id: 'title', header: 'Session', width: 'minmax(0,3fr)', cell: (row) => <Title session={row} /> },
  {
    id: 'agent',
    header: 'Agent',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{agentName(row)}</span>,
  },
  {
    id: 'model',
    header: 'Model',
    width: 'minmax(0,1fr)',
    from: 'md',
    cell: (row) => <span className="truncate text-text-2">{row.agent?.model ?? UNKNOWN}</span>,
  },
  {
    id: 'now',
    header: 'Now',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => (
      <span className="truncate font-mono text-xs text-text-3">{row.current_skill ?? UNKNOWN}</span>
    ),
  },
  { id: 'cost', header: 'Cost', width: '72px', align: 'end', from: 'md', cell: cost },
  {
    id: 'watchers',
    header: 'Watched',
    width: '72px',
    align: 'end',
    from: 'lg',
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5 text-text-3">
        {row.watchers > 0 && <Eye aria-hidden size={13} />}
        {row.watchers > 0 ? row.watchers : UNKNOWN}
      </span>
    ),
  },
  {
    id: 'last',
    header: 'Last event',
    width: '84px',
    align: 'end',
    cell: (row) => <Ago ts={row.last_event_at} className="z-[1] text-text-3" />,
  },
];

/** Every agent's session, the last active first; what is shown stands in the address. */
export function Sessions() {
  usePageTitle('Sessions');
  const search = useSearch({ from: '/shell/sessions' });
  const navigate = useNavigate({ from: '/sessions' });
  const filter = { q: search.q, phase: search.phase, agent: search.agent };
  const query = useInfiniteQuery(sessionsQuery(filter));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.sessions) ?? [], [query.data]);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const set = (change: Record<string, string>): void =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const isUnusual = search.phase !== undefined && !usual.some(({ id }) => id === search.phase);
  return (
    <>
      <Toolbar>
        <SearchField label="Filter sessions" value={search.q ?? ''} onChange={(q) => set({ q })} />
        <Segmented
          label="State"
          items={
            isUnusual
              ? [
                  ...usual,
                  {
                    id: search.phase ?? '',
                    label: phaseFace[phases.find((each) => each === search.phase) ?? 'idle'].label,
                  },
                ]
              : usual
          }
          value={search.phase ?? ''}
          onChange={(phase) => set({ phase })}
        />
        <select
          aria-label="Agent"
          value={search.agent ?? ''}
          onChange={(event) => set({ agent: event.target.value })}
          className="h-7 rounded-md border border-edge bg-surface px-2 text-sm"
        >
          <option value="">Every agent</option>
          {Object.entries(agentKinds).map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </Toolbar>
      {query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} what="Sessions" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={10} />
      ) : rows.length === 0 ? (
        <EmptyState icon={Bot} title={filtered ? 'No session matches' : 'No agent has worked here yet'}>
          {filtered ? (
            <Button className="mt-2" onClick={() => void navigate({ search: {} })}>
              Show all
            </Button>
          ) : (
            <>
              Start one with <code className="font-mono text-xs">vigiles run codex -- "…"</code> and see it
              here, halt it, redirect it and answer its questions.
            </>
          )}
        </EmptyState>
      ) : (
        <VirtualTable
          className="bg-surface [--row-pad:var(--gutter)]"
          label="Sessions"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.session_id}
          resetKey={JSON.stringify(filter)}
          compact={(row) => (
            <>
              <div className="flex gap-3">
                <Title session={row} />
                <span className="num ml-auto shrink-0 text-sm text-text-2">{cost(row)}</span>
              </div>
              <div className="flex items-center gap-2 text-sm text-text-3">
                <StateLabel face={phaseFace[row.phase]} />
                <span className="truncate">{agentName(row)}</span>
                <Ago ts={row.last_event_at} className="ml-auto shrink-0" />
              </div>
            </>
          )}
          footer={<OlderPages query={query}>Older sessions</OlderPages>}
        />
      )}
    </>
  );
}
