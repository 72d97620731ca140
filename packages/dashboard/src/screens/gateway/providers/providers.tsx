import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useCallback } from 'react';
import { configQuery } from '../../../data/config.ts';
import { gatewayQuery } from '../../../data/queries.ts';
import { formatMs } from '../../../format/duration.ts';
import { formatCount } from '../../../format/number.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StateLabel } from '../../../ui/state.tsx';
import { VirtualTable, type Column } from '../../../ui/virtual-table.tsx';
import { OverridesPanel } from '../overrides-panel.tsx';
import { ProviderDrawer } from './provider-drawer.tsx';
import { providerFace } from './provider-face.ts';
import { providerRows, stateOf, type ProviderRow } from './provider-rows.ts';
import { useChangeConfig } from '../config-form/use-change-config.ts';
import { rowLink } from '../../../ui/row-link.ts';

/** The name of the drawer in which a provider is added; no provider can be called that. */
const NEW = '+';

function Name({ row }: { row: ProviderRow }) {
  return (
    <Link
      to="/gateway/providers"
      search={(before) => ({ ...before, provider: row.id, tab: undefined })}
      data-row-link
      resetScroll={false}
      className={`${rowLink} font-medium`}
    >
      {row.id}
    </Link>
  );
}

/** Where turns can be sent: how each does, and what the file says of it. */
export function Providers() {
  usePageTitle('Providers');
  const { provider: wanted, tab = 'health' } = useSearch({ from: '/shell/gateway-frame/gateway/providers' });
  const navigate = useNavigate({ from: '/gateway/providers' });
  const config = useQuery(configQuery);
  const gateway = useQuery(gatewayQuery);
  const toggle = useChangeConfig('Provider changed');
  const set = useCallback(
    (change: Record<string, string | undefined>): void =>
      void navigate({ search: (before) => ({ ...before, ...change }), resetScroll: false }),
    [navigate],
  );
  const close = useCallback(() => set({ provider: undefined, tab: undefined }), [set]);
  const snapshot = gateway.data?.snapshot ?? null;
  const answer = config.data;
  const rows = answer ? providerRows(answer.config.gateway.providers, snapshot?.providers ?? null) : [];
  const open = rows.find(({ id }) => id === wanted) ?? null;

  const state = (row: ProviderRow) => <StateLabel face={providerFace[stateOf(row, snapshot !== null)]} />;
  const models = (row: ProviderRow) => (row.live ? formatCount(row.live.models.length) : '—');
  const power = (row: ProviderRow) =>
    row.config && answer ? (
      <Button
        variant="ghost"
        className="relative z-[1]"
        aria-label={`${row.config.enabled ? 'Disable' : 'Enable'} ${row.id}`}
        disabled={toggle.isPending}
        onClick={() =>
          toggle.mutate({
            edits: [{ path: ['gateway', 'providers', row.place, 'enabled'], value: !row.config?.enabled }],
            revision: answer.revision,
          })
        }
      >
        {row.config.enabled ? 'Disable' : 'Enable'}
      </Button>
    ) : (
      <Badge>found</Badge>
    );
  const columns: Column<ProviderRow>[] = [
    { id: 'state', header: 'State', width: '128px', cell: state },
    { id: 'name', header: 'Name', width: 'minmax(0,1fr)', cell: (row) => <Name row={row} /> },
    {
      id: 'type',
      header: 'Type',
      width: 'minmax(0,1fr)',
      from: 'sm',
      cell: (row) => <span className="truncate text-text-2">{row.type}</span>,
    },
    { id: 'models', header: 'Models', width: '64px', align: 'end', cell: models },
    {
      id: 'latency',
      header: 'First content',
      width: '96px',
      align: 'end',
      from: 'md',
      cell: (row) => formatMs(row.live?.latency_ms),
    },
    { id: 'power', header: 'Switch', width: '84px', align: 'end', cell: power },
  ];

  return (
    <div className="flex min-h-0 flex-1">
      <div className="@container min-w-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-[1320px] flex-col gap-4 px-(--gutter) py-6">
          <OverridesPanel />
          <Panel
            title="Providers"
            flush
            aside={
              <Button disabled={!answer} onClick={() => set({ provider: NEW, tab: undefined })}>
                <Plus aria-hidden size={14} /> Add provider
              </Button>
            }
          >
            {config.isError && !answer ? (
              <ErrorState error={config.error} what="Providers" retry={() => void config.refetch()} />
            ) : !answer ? (
              <SkeletonRows rows={4} />
            ) : (
              <VirtualTable
                className="max-h-[640px]"
                label="Providers"
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                rowHeight={42}
                selected={wanted}
                compact={(row) => (
                  <>
                    <div className="flex items-center gap-3">
                      <Name row={row} />
                      <span className="ml-auto">{power(row)}</span>
                    </div>
                    <div className="flex items-center gap-3 text-sm text-text-3">
                      {state(row)}
                      <span className="num ml-auto">{models(row)} models</span>
                    </div>
                  </>
                )}
              />
            )}
            {toggle.isError && (
              <p role="alert" className="border-t border-line bg-bad-soft px-4 py-2 text-bad">
                {toggle.error.message}
              </p>
            )}
          </Panel>
          <p className="text-sm text-pretty text-text-3">
            Changes are written into vigiles.yaml, checked as a whole first, and take effect at once. Keys are
            references; the dashboard never sees them.
          </p>
        </div>
      </div>
      {answer && (open || wanted === NEW) && (
        <ProviderDrawer
          key={wanted}
          row={open}
          answer={answer}
          tab={tab}
          onTab={(next) => set({ tab: next === 'health' ? undefined : next })}
          onClose={close}
          onDone={(id) => set({ provider: id ?? undefined, tab: undefined })}
        />
      )}
    </div>
  );
}
