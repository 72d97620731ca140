import { useQuery } from '@tanstack/react-query';
import type { PortListener } from '@vigiles/contract';
import { EthernetPort } from 'lucide-react';
import { listenersQuery } from '../../data/ports.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { endable, openEnd } from './port-face.ts';

const first = ({ processes }: PortListener) => processes[0];

function Owner({ row }: { row: PortListener }) {
  const process = first(row);
  if (!process) return <span className="text-text-3">a process of another user</span>;
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="shrink-0 font-medium">{process.service ?? process.name}</span>
      {row.processes.length > 1 && (
        <span className="shrink-0 text-text-3">and {row.processes.length - 1} more</span>
      )}
      <span className="truncate font-mono text-xs text-text-3" data-tip={process.command}>
        {process.command}
      </span>
    </span>
  );
}

/** Why there is no button, or the button. */
function End({ row }: { row: PortListener }) {
  const mine = endable(row);
  const protectedOne = row.processes.find((one) => one.protected !== null);
  return (
    <Button
      aria-label={`End what listens on ${row.port}`}
      data-row-link=""
      aria-disabled={mine.length === 0}
      data-tip={mine.length === 0 ? (protectedOne?.protected ?? 'Its process is another user’s.') : undefined}
      onClick={() => mine.length > 0 && openEnd(row.port, mine)}
    >
      End…
    </Button>
  );
}

const columns: Column<PortListener>[] = [
  {
    id: 'port',
    header: 'Port',
    width: '68px',
    align: 'end',
    cell: (row) => <span className="num font-medium">{row.port}</span>,
  },
  { id: 'owner', header: 'Who listens', width: 'minmax(0,2fr)', cell: (row) => <Owner row={row} /> },
  {
    id: 'addresses',
    header: 'On',
    width: 'minmax(0,1fr)',
    from: 'md',
    cell: (row) => (
      <span className="truncate font-mono text-xs text-text-2" data-tip={row.addresses.join(', ')}>
        {row.addresses.join(', ')}
      </span>
    ),
  },
  {
    id: 'pid',
    header: 'Pid',
    width: '76px',
    align: 'end',
    from: 'sm',
    cell: (row) => <span className="num text-text-2">{first(row)?.pid}</span>,
  },
  {
    id: 'start',
    header: 'Start',
    width: '110px',
    from: 'lg',
    cell: (row) => (
      <span
        className="truncate font-mono text-xs text-text-3"
        data-tip="With the pid it says which process is meant: a pid alone is used again."
      >
        {first(row)?.start_time}
      </span>
    ),
  },
  { id: 'end', header: 'End', width: '72px', align: 'end', cell: (row) => <End row={row} /> },
];

/** Every port on which something listens, with whose it is. */
export function Listeners({ typed }: { typed: string }) {
  const query = useQuery(listenersQuery);
  const words = typed.toLowerCase();
  const rows = (query.data ?? []).filter((row) =>
    [
      String(row.port),
      ...row.processes.flatMap((one) => [one.name, one.command, one.service ?? '', String(one.pid)]),
    ]
      .join(' ')
      .toLowerCase()
      .includes(words),
  );
  return (
    <Listing
      query={query}
      count={rows.length}
      what="Listeners"
      empty={
        <EmptyState icon={EthernetPort} title={typed ? 'No listener matches' : 'Nothing listens here'} />
      }
    >
      <VirtualTable
        className="bg-surface [--row-pad:var(--gutter)]"
        label="Listeners"
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.port)}
        resetKey={typed}
        compact={(row) => (
          <div className="flex items-center gap-3">
            <span className="num w-12 shrink-0 font-medium">{row.port}</span>
            <span className="min-w-0 flex-1 overflow-hidden">
              <Owner row={row} />
            </span>
            <End row={row} />
          </div>
        )}
      />
    </Listing>
  );
}
