import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LiveTurn } from '@vigiles/contract';
import { Radio } from 'lucide-react';
import { gatewayQuery } from '../../data/queries.ts';
import { formatMs } from '../../format/duration.ts';
import { formatCompact, UNKNOWN } from '../../format/number.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Span } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { PhaseLabel } from './phase-label.tsx';
import { rowLink } from '../../ui/row-link.ts';

/** A turn under way has no page of its own yet; it is there as soon as the turn has ended. */
function Model({ row }: { row: LiveTurn }) {
  return (
    <Link
      to="/gateway/turns/$id"
      params={{ id: row.id }}
      data-row-link
      preload={false}
      className={`${rowLink} font-medium`}
    >
      {row.model}
    </Link>
  );
}

const columns: Column<LiveTurn>[] = [
  { id: 'phase', header: 'Phase', width: '108px', cell: (row) => <PhaseLabel phase={row.phase} /> },
  {
    id: 'model',
    header: 'Model',
    width: 'minmax(0,1.3fr)',
    cell: (row) => <Model row={row} />,
  },
  {
    id: 'provider',
    header: 'Provider',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{row.provider}</span>,
  },
  {
    id: 'protocol',
    header: 'Protocol',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-2">{row.client_protocol}</span>,
  },
  {
    id: 'session',
    header: 'Session',
    width: 'minmax(0,1fr)',
    from: 'md',
    cell: (row) => (
      <span className="truncate font-mono text-xs text-text-2">{row.session_id ?? UNKNOWN}</span>
    ),
  },
  {
    id: 'ttft',
    header: 'First token',
    width: '80px',
    align: 'end',
    from: 'sm',
    cell: (row) => formatMs(row.ttft_ms),
  },
  {
    id: 'chars',
    header: 'Characters',
    width: '76px',
    align: 'end',
    from: 'md',
    cell: (row) => formatCompact(row.output_chars),
  },
  { id: 'age', header: 'Age', width: '64px', align: 'end', cell: (row) => <Span since={row.started_at} /> },
];

/** Turns under way, newest first. */
export function LiveTable() {
  const { data, isError } = useQuery(gatewayQuery);
  if (!data && isError) {
    return <p className="px-4 py-8 text-center text-text-3">What is under way is not known.</p>;
  }
  if (!data) return <SkeletonRows rows={3} />;
  if (!data.snapshot) {
    return (
      <EmptyState icon={Radio} title="The gateway does not answer">
        What is under way cannot be known until it does. The watchdog is on it.
      </EmptyState>
    );
  }
  if (data.snapshot.live.length === 0) {
    return (
      <EmptyState icon={Radio} title="No agent is working right now">
        Connect one with <code className="font-mono text-xs">vigiles connect codex</code>; its turns appear
        here.
      </EmptyState>
    );
  }
  return (
    <VirtualTable
      className="max-h-[288px]"
      label="Live turns"
      columns={columns}
      rows={data.snapshot.live}
      rowKey={(row) => row.id}
      rowHeight={34}
      compact={(row) => (
        <>
          <div className="flex items-center gap-3">
            <Model row={row} />
            <span className="ml-auto">
              <Span since={row.started_at} />
            </span>
          </div>
          <div className="flex gap-3 text-sm">
            <PhaseLabel phase={row.phase} />
            <span className="ml-auto text-text-3">{row.provider}</span>
          </div>
        </>
      )}
    />
  );
}
