import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Notification } from '@vigiles/contract';
import { Bell } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { notificationsQuery } from '../../data/notification-queries.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { DeliveryMarks } from './delivery-marks.tsx';
import { HistoryMenu } from './history-menu.tsx';
import { noticeFace } from './faces.ts';
import { NotificationDrawer } from './notification-drawer.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { OlderPages } from '../../ui/older-pages.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';

const severities = [
  { id: '', label: 'All' },
  { id: 'critical', label: 'Critical' },
  { id: 'warning', label: 'Warning' },
  { id: 'info', label: 'Info' },
];
const states = [
  { id: '', label: 'Any state' },
  { id: 'queued', label: 'Queued' },
  { id: 'failed', label: 'Failed' },
];

function Title({ row }: { row: Notification }) {
  return (
    <Link
      to="/notifications"
      search={(before) => ({ ...before, id: row.id })}
      data-row-link
      className={rowLink}
    >
      <span className="font-medium">{row.title ?? row.message}</span>
      {row.title !== null && <span className="ml-2 text-text-3">{row.message}</span>}
    </Link>
  );
}

const columns: Column<Notification>[] = [
  { id: 'what', header: 'What', width: '128px', cell: (row) => <StateLabel face={noticeFace(row)} /> },
  { id: 'title', header: 'Said', width: 'minmax(0,1fr)', cell: (row) => <Title row={row} /> },
  {
    id: 'service',
    header: 'About',
    width: '140px',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-2">{row.service ?? row.kind}</span>,
  },
  {
    id: 'channels',
    header: 'Channels',
    width: '240px',
    from: 'md',
    cell: (row) => <DeliveryMarks deliveries={row.deliveries} />,
  },
  {
    id: 'when',
    header: 'When',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.created_at} className="z-[1] text-text-3" />,
  },
];

/** Everything that was said, newest first. */
export function History({ switcher }: { switcher: ReactNode }) {
  const search = useSearch({ from: '/shell/notifications' });
  const navigate = useNavigate({ from: '/notifications' });
  const filter = { query: search.q, severity: search.severity, state: search.state, channel: search.channel };
  const query = useInfiniteQuery(notificationsQuery(filter));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.notifications) ?? [], [query.data]);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const total = query.data?.pages[0]?.total;
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
      replace: true,
    });

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Toolbar>
          {switcher}
          <SearchField label="Search" value={search.q ?? ''} onChange={(q) => set({ q })} />
          <Segmented
            label="Severity"
            items={severities}
            value={search.severity ?? ''}
            onChange={(severity) => set({ severity })}
          />
          <Segmented
            label="Delivery"
            items={states}
            value={search.state ?? ''}
            onChange={(state) => set({ state })}
          />
          <div className="ml-auto flex items-center gap-1 text-sm text-text-3">
            {total !== undefined && <span className="num">{total}</span>}
            <HistoryMenu filter={filter} />
          </div>
        </Toolbar>
        <Listing
          query={query}
          count={rows.length}
          what="Notifications"
          empty={
            <EmptyState icon={Bell} title={filtered ? 'No notification matches' : 'Nothing was said so far'}>
              {filtered ? (
                <Button className="mt-2" onClick={() => void navigate({ search: {} })}>
                  Show all
                </Button>
              ) : (
                'What Vigiles tells people is kept here, with what became of it on each channel.'
              )}
            </EmptyState>
          }
        >
          <VirtualTable
            className="bg-surface [--row-pad:var(--gutter)]"
            label="Notifications"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            compact={(row) => (
              <>
                <div className="flex">
                  <Title row={row} />
                </div>
                <div className="flex items-center gap-2 text-sm text-text-3">
                  <StateLabel face={noticeFace(row)} />
                  <DeliveryMarks deliveries={row.deliveries} />
                  <Ago ts={row.created_at} className="ml-auto shrink-0 whitespace-nowrap" />
                </div>
              </>
            )}
            footer={<OlderPages query={query}>Older ones</OlderPages>}
          />
        </Listing>
      </div>
      {search.id && (
        <NotificationDrawer key={search.id} id={search.id} onClose={() => set({ id: undefined })} />
      )}
    </div>
  );
}
