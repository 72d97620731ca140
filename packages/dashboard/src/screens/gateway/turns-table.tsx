import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Turn } from '@vigiles/contract';
import { ListX, X } from 'lucide-react';
import { useMemo } from 'react';
import { turnsQuery } from '../../data/queries.ts';
import { formatMs } from '../../format/duration.ts';
import { formatCompact } from '../../format/number.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Money } from '../../ui/money.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { turnFace } from './turn-face.ts';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';

function Model({ turn }: { turn: Turn }) {
  return (
    <Link
      to="/gateway"
      search={(before) => ({ ...before, turn: turn.id })}
      data-row-link
      resetScroll={false}
      className={`${rowLink} font-medium`}
    >
      {turn.model}
    </Link>
  );
}

const columns: Column<Turn>[] = [
  {
    id: 'outcome',
    header: 'Outcome',
    width: '124px',
    cell: (row) => <StateLabel face={turnFace[row.outcome]} quiet={row.outcome === 'ok'} />,
  },
  { id: 'model', header: 'Model', width: 'minmax(0,1.3fr)', cell: (row) => <Model turn={row} /> },
  {
    id: 'provider',
    header: 'Provider',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{row.provider}</span>,
  },
  {
    id: 'in',
    header: 'Tokens in',
    width: '68px',
    align: 'end',
    from: 'md',
    cell: (row) => formatCompact(row.input_tokens),
  },
  {
    id: 'out',
    header: 'Out',
    width: '56px',
    align: 'end',
    from: 'md',
    cell: (row) => formatCompact(row.output_tokens),
  },
  {
    id: 'cost',
    header: 'Cost',
    width: '72px',
    align: 'end',
    from: 'sm',
    cell: (row) => (
      <span className="relative z-[1]">
        <Money micros={row.cost_micros} />
      </span>
    ),
  },
  {
    id: 'ttft',
    header: 'First token',
    width: '76px',
    align: 'end',
    from: 'lg',
    cell: (row) => formatMs(row.ttft_ms),
  },
  { id: 'latency', header: 'Took', width: '64px', align: 'end', cell: (row) => formatMs(row.latency_ms) },
  {
    id: 'when',
    header: 'When',
    width: '68px',
    align: 'end',
    from: 'sm',
    cell: (row) => <Ago ts={row.ts} className="relative z-[1] text-text-3" />,
  },
];

const outcomes = [
  { id: '', label: 'All' },
  { id: 'ok', label: 'Done' },
  { id: 'upstream_error', label: 'Provider errors' },
  { id: 'rejected', label: 'Rejected' },
];

/** The ledger: turns that ended, newest first. */
export function TurnsTable() {
  const search = useSearch({ from: '/shell/gateway-frame/gateway' });
  const navigate = useNavigate({ from: '/gateway' });
  const { model, provider, outcome } = search;
  const query = useInfiniteQuery(turnsQuery({ model, provider, outcome }));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.turns) ?? [], [query.data]);
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const filtered = model ?? provider ?? outcome;

  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
        <Segmented
          label="Outcome"
          items={outcomes}
          value={outcome ?? ''}
          onChange={(id) => set({ outcome: id || undefined })}
        />
        {model && (
          <Button variant="ghost" onClick={() => set({ model: undefined })}>
            {model} <X aria-hidden size={13} />
            <span className="sr-only">Remove this filter</span>
          </Button>
        )}
        {provider && (
          <Button variant="ghost" onClick={() => set({ provider: undefined })}>
            {provider} <X aria-hidden size={13} />
            <span className="sr-only">Remove this filter</span>
          </Button>
        )}
      </div>
      {query.isError && rows.length === 0 ? (
        <ErrorState error={query.error} what="Turns" retry={() => void query.refetch()} />
      ) : query.isPending ? (
        <SkeletonRows rows={6} />
      ) : rows.length === 0 ? (
        <EmptyState icon={ListX} title={filtered ? 'No turn matches' : 'No turns yet'}>
          {filtered ? (
            <Button
              className="mt-2"
              onClick={() => set({ model: undefined, provider: undefined, outcome: undefined })}
            >
              Show all
            </Button>
          ) : (
            'Every request that goes through the gateway leaves a line here.'
          )}
        </EmptyState>
      ) : (
        <VirtualTable
          className="max-h-[560px]"
          label="Recent turns"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowHeight={34}
          selected={search.turn}
          compact={(row) => (
            <>
              <div className="flex items-center gap-3">
                <Model turn={row} />
                <span className="num ml-auto shrink-0 text-text-2">{formatMs(row.latency_ms)}</span>
              </div>
              <div className="flex items-center gap-3 text-sm text-text-3">
                <StateLabel face={turnFace[row.outcome]} quiet={row.outcome === 'ok'} />
                <span className="ml-auto">
                  <Money micros={row.cost_micros} />
                </span>
                <Ago ts={row.ts} className="w-16 text-right" />
              </div>
            </>
          )}
          footer={<OlderPages query={query}>Older turns</OlderPages>}
        />
      )}
    </>
  );
}
