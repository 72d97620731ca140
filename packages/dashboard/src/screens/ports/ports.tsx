import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { PortService } from '@vigiles/contract';
import { EthernetPort, Plus, Wrench } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { healPorts, portEnvQuery, portsQuery } from '../../data/ports.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Countdown } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { Conflicts } from './conflicts.tsx';
import { Listeners } from './listeners.tsx';
import { NameForm } from './name-form.tsx';
import { PortDrawer } from './port-drawer.tsx';
import { portFace } from './port-face.ts';

const views = [
  { id: '', label: 'Names' },
  { id: 'listeners', label: 'Listeners' },
  { id: 'env', label: 'Script' },
];

function Name({ row }: { row: PortService }) {
  return (
    <Link
      to="/ports"
      search={(before) => ({ ...before, name: row.name })}
      data-row-link
      className={`${rowLink} font-medium`}
    >
      {row.name}
    </Link>
  );
}

const columns: Column<PortService>[] = [
  { id: 'name', header: 'Name', width: 'minmax(140px,1fr)', cell: (row) => <Name row={row} /> },
  {
    id: 'port',
    header: 'Port',
    width: '64px',
    align: 'end',
    cell: (row) => <span className="num">{row.port ?? '–'}</span>,
  },
  {
    id: 'status',
    header: 'State',
    width: '104px',
    cell: (row) => <StateLabel face={portFace[row.status]} quiet />,
  },
  {
    id: 'owner',
    header: 'For',
    width: 'minmax(0,1fr)',
    from: 'sm',
    cell: (row) => <span className="truncate text-text-2">{row.owner ?? row.service ?? ''}</span>,
  },
  {
    id: 'environment',
    header: 'Environment',
    width: '108px',
    from: 'md',
    cell: (row) => <span className="text-text-2">{row.environment}</span>,
  },
  {
    id: 'folder',
    header: 'Folder',
    width: 'minmax(0,1fr)',
    from: 'lg',
    cell: (row) => <span className="truncate font-mono text-xs text-text-3">{row.folder}</span>,
  },
  {
    id: 'pid',
    header: 'Pid',
    width: '72px',
    align: 'end',
    from: 'md',
    cell: (row) => <span className="num text-text-2">{row.pid}</span>,
  },
  {
    id: 'expires',
    header: 'Ends in',
    width: '76px',
    align: 'end',
    from: 'sm',
    cell: (row) =>
      row.expires_at === null ? null : (
        <span className="text-text-3">
          <Countdown until={row.expires_at} />
        </span>
      ),
  },
];

function Script() {
  const query = useQuery(portEnvQuery);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="The script" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={4} />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-(--gutter) py-4">
      <p className="mb-2 text-sm text-text-2">
        Exports every named port. In a shell:{' '}
        <code className="font-mono text-xs">eval "$(vigiles ports env)"</code>
      </p>
      <CopyText text={query.data.script} label="the script" />
    </div>
  );
}

function Heal() {
  const client = useQueryClient();
  const heal = useMutation({
    mutationFn: healPorts,
    onSuccess({ runs, conflicts }) {
      toast(
        runs.length === 0 ? 'Nothing of ours was left on a port' : `${runs.length} ports were looked after`,
        {
          description:
            conflicts.length === 0 ? 'No conflict is left.' : `${conflicts.length} left: not ours to end.`,
        },
      );
      return client.invalidateQueries({ queryKey: ['ports'] });
    },
    onError: (error) => toast.error('Not healed', { description: error.message }),
  });
  return (
    <Button
      disabled={heal.isPending}
      data-tip="Ends what earlier instances of our own services left on their ports"
      onClick={() => heal.mutate()}
    >
      <Wrench aria-hidden size={13} /> {heal.isPending ? 'Healing…' : 'Heal'}
    </Button>
  );
}

/** Named ports, who really listens, and what stands in the way. */
export function Ports() {
  usePageTitle('Ports');
  const search = useSearch({ from: '/shell/ports' });
  const navigate = useNavigate({ from: '/ports' });
  const [adding, setAdding] = useState(false);
  const query = useQuery(portsQuery);
  const typed = search.q ?? '';
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const all = query.data?.services ?? [];
  const rows = all.filter((row) =>
    `${row.name} ${row.port ?? ''} ${row.owner ?? ''} ${row.service ?? ''}`
      .toLowerCase()
      .includes(typed.toLowerCase()),
  );
  const open = all.find(({ name }) => name === search.name);
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Toolbar>
          <Segmented
            label="View"
            items={views}
            value={search.view ?? ''}
            onChange={(view) => set({ view })}
          />
          {search.view !== 'env' && (
            <SearchField label="Filter ports" value={typed} onChange={(q) => set({ q })} />
          )}
          <div className="ml-auto flex gap-2">
            <Heal />
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden size={13} /> Name a port
            </Button>
          </div>
        </Toolbar>
        {search.view !== 'env' && <Conflicts conflicts={query.data?.conflicts ?? []} />}
        {search.view === 'env' ? (
          <Script />
        ) : search.view === 'listeners' ? (
          <Listeners typed={typed} />
        ) : (
          <Listing
            query={query}
            count={rows.length}
            what="Ports"
            empty={
              <EmptyState icon={EthernetPort} title={typed ? 'No port matches' : 'No port has a name'}>
                {!typed && 'Give a port a name, so that two agents do not start on the same one.'}
              </EmptyState>
            }
          >
            <VirtualTable
              className="bg-surface [--row-pad:var(--gutter)]"
              label="Ports"
              columns={columns}
              rows={rows}
              rowKey={({ name, source }) => `${source}:${name}`}
              selected={open && `${open.source}:${open.name}`}
              resetKey={typed}
              compact={(row) => (
                <>
                  <div className="flex items-center gap-3">
                    <Name row={row} />
                    <span className="num ml-auto shrink-0">{row.port ?? '–'}</span>
                  </div>
                  <div className="flex items-center gap-3 text-sm text-text-3">
                    <StateLabel face={portFace[row.status]} quiet />
                    <span className="ml-auto min-w-0 truncate">
                      {row.owner ?? row.service ?? row.environment}
                    </span>
                  </div>
                </>
              )}
            />
          </Listing>
        )}
      </div>
      {open && (
        <PortDrawer
          key={open.name}
          row={open}
          conflict={query.data?.conflicts.find((one) => one.service_name === open.name)}
          onClose={() => set({ name: undefined })}
        />
      )}
      {adding && <NameForm onClose={() => setAdding(false)} />}
    </div>
  );
}
