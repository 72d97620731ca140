import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, SearchX, Server } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { servicesQuery } from '../../data/queries.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { serviceFace } from '../../ui/state.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { arrange, countStates, nextSort, parseSort, type FleetSort } from './arrange.ts';
import { FleetCompact, fleetColumns } from './fleet-columns.tsx';
import { parseSpan } from '../history/span.ts';
import { ServiceDrawer } from './service-drawer.tsx';
import { ServiceForm } from './service-form/service-form.tsx';

const stateOrder = [
  'DOWN',
  'RECOVERING',
  'SUSPECT',
  'UNKNOWN',
  'UP',
  'MAINTENANCE',
  'STOPPED_BY_USER',
] as const;

/** In the address where a service’s name would stand: no service can be called so. */
const NEW = '+';

/** Every service, most urgent first; a thousand of them scroll as well as ten. */
export function Fleet() {
  usePageTitle('Fleet');
  const search = useSearch({ from: '/shell/fleet' });
  const navigate = useNavigate({ from: '/fleet' });
  const query = useQuery(servicesQuery);
  // Typing stays ahead of sorting a thousand rows.
  const services = useDeferredValue(query.data);
  const { q, state, sort } = search;
  const rows = useMemo(() => arrange(services ?? [], { q, state, sort }), [services, q, state, sort]);
  const counts = useMemo(() => countStates(services ?? []), [services]);
  const selected = query.data?.find((service) => service.name === search.service);

  const set = useCallback(
    (change: Record<string, string | undefined>, replace = true): void =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace }),
    [navigate],
  );
  const close = useCallback(
    (): void => set({ service: undefined, tab: undefined, span: undefined }, false),
    [set],
  );

  return (
    <div className="flex min-h-0 flex-1">
      <div className="@container flex min-w-0 flex-1 flex-col">
        <Toolbar>
          <SearchField
            label="Filter services"
            value={q ?? ''}
            onChange={(value) => set({ q: value || undefined })}
          />
          <div className="min-w-0 @max-4xl:order-3 @max-4xl:basis-full">
            <Segmented
              label="State"
              value={state ?? ''}
              onChange={(value) => set({ state: value || undefined })}
              items={[
                { id: '', label: 'All', count: services?.length },
                ...stateOrder
                  .filter((each) => counts[each] || each === state)
                  .map((each) => ({ id: each, label: serviceFace[each].label, count: counts[each] ?? 0 })),
              ]}
            />
          </div>
          <Button
            className="ml-auto @max-4xl:order-2"
            onClick={() => set({ service: NEW, tab: undefined }, false)}
          >
            <Plus aria-hidden size={14} /> Add service
          </Button>
        </Toolbar>
        {query.isError && !services ? (
          <ErrorState error={query.error} what="The fleet" retry={() => void query.refetch()} />
        ) : !services ? (
          <SkeletonRows rows={12} />
        ) : services.length === 0 ? (
          <EmptyState icon={Server} title="Nothing is watched yet">
            Add a service here or to <code className="font-mono text-xs">vigiles.yaml</code> and it is watched
            at once.
          </EmptyState>
        ) : rows.length === 0 ? (
          <EmptyState icon={SearchX} title="No service matches">
            <Button className="mt-2" onClick={() => set({ q: undefined, state: undefined })}>
              Show all {services.length}
            </Button>
          </EmptyState>
        ) : (
          <VirtualTable
            className="bg-surface [--row-pad:var(--gutter)]"
            label="Services"
            columns={fleetColumns}
            rows={rows}
            rowKey={(row) => row.name}
            resetKey={`${q}|${state}|${sort}`}
            selected={search.service}
            sort={parseSort(sort)}
            onSort={(key) => set({ sort: nextSort(sort, key as FleetSort) })}
            compact={(row) => <FleetCompact service={row} />}
          />
        )}
      </div>
      {search.service === NEW ? (
        <Drawer title="Add service" label="Add service" onClose={close}>
          <ServiceForm name={null} onDone={(name) => set({ service: name ?? undefined }, false)} />
        </Drawer>
      ) : selected ? (
        <ServiceDrawer
          key={selected.name}
          service={selected}
          tab={search.tab ?? 'summary'}
          span={parseSpan(search.span)}
          onSpan={(id) => set({ span: id === '1h' ? undefined : id })}
          onTab={(tab) => set({ tab: tab === 'summary' ? undefined : tab })}
          onClose={close}
        />
      ) : (
        search.service &&
        query.data && (
          <Drawer title={search.service} label={search.service} onClose={close}>
            <EmptyState icon={SearchX} title="There is no such service">
              It may have been renamed or taken out of the configuration.
            </EmptyState>
          </Drawer>
        )
      )}
    </div>
  );
}
