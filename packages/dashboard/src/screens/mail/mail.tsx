import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Mail as Entry } from '@vigiles/contract';
import { MailOpen } from 'lucide-react';
import { useMemo } from 'react';
import { outboxQuery } from '../../data/mail.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { MailDrawer } from './mail-drawer.tsx';
import { mailFace, toWhom } from './mail-face.ts';
import { RelayState } from './relay-state.tsx';

const views = [
  { id: '', label: 'All' },
  { id: 'needs', label: 'Needs you' },
  { id: 'waits', label: 'Waiting' },
  { id: 'sent', label: 'Sent' },
];
/** What each view asks for. */
const statesOf: Record<string, string> = {
  needs: 'awaiting_approval,uncertain,failed,partly_sent',
  waits: 'queued,sending',
  sent: 'sent',
};

function Subject({ row }: { row: Entry }) {
  return (
    <Link to="/mail" search={(before) => ({ ...before, id: row.id })} data-row-link className={rowLink}>
      <span className="font-medium">{row.subject || 'No subject'}</span>
      {row.reason && <span className="ml-2 text-text-3">{row.reason}</span>}
    </Link>
  );
}

const columns: Column<Entry>[] = [
  { id: 'state', header: 'State', width: '132px', cell: (row) => <StateLabel face={mailFace[row.state]} /> },
  { id: 'subject', header: 'Subject', width: 'minmax(0,1fr)', cell: (row) => <Subject row={row} /> },
  {
    id: 'to',
    header: 'To',
    width: '240px',
    from: 'md',
    cell: (row) => <span className="truncate text-text-2">{toWhom(row.recipients)}</span>,
  },
  {
    id: 'device',
    header: 'Asked by',
    width: '140px',
    from: 'lg',
    cell: (row) => <span className="truncate text-text-2">{row.device_name}</span>,
  },
  {
    id: 'when',
    header: 'When',
    width: '76px',
    align: 'end',
    cell: (row) => <Ago ts={row.created_at} className="z-[1] text-text-3" />,
  },
];

/** The outbox: what agents and devices wanted to send, and what became of it. */
export function Mail() {
  usePageTitle('Mail');
  const search = useSearch({ from: '/shell/mail' });
  const navigate = useNavigate({ from: '/mail' });
  const view = search.view ?? '';
  const query = useInfiniteQuery(outboxQuery(statesOf[view]));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.mails) ?? [], [query.data]);
  const total = query.data?.pages[0]?.total;
  const show = (next: string): void => void navigate({ search: next ? { view: next } : {}, replace: true });
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <RelayState />
        <Toolbar>
          <Segmented label="Show" items={views} value={view} onChange={show} />
          {total !== undefined && <span className="num ml-auto text-sm text-text-3">{total}</span>}
        </Toolbar>
        <Listing
          query={query}
          count={rows.length}
          what="The outbox"
          empty={
            <EmptyState icon={MailOpen} title={view ? 'No mail is in this state' : 'No mail so far'}>
              {view ? (
                <Button className="mt-2" onClick={() => show('')}>
                  Show all
                </Button>
              ) : (
                'What agents and devices send is kept here until it arrived, with what each server said.'
              )}
            </EmptyState>
          }
        >
          <VirtualTable
            className="bg-surface [--row-pad:var(--gutter)]"
            label="Mail"
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            selected={search.id}
            resetKey={view}
            compact={(row) => (
              <>
                <div className="flex">
                  <Subject row={row} />
                </div>
                <div className="flex items-center gap-2 text-sm text-text-3">
                  <StateLabel face={mailFace[row.state]} />
                  <span className="truncate">{toWhom(row.recipients)}</span>
                  <Ago ts={row.created_at} className="ml-auto shrink-0 whitespace-nowrap" />
                </div>
              </>
            )}
            footer={<OlderPages query={query}>Older ones</OlderPages>}
          />
        </Listing>
      </div>
      {search.id && (
        <MailDrawer
          id={search.id}
          onClose={() => void navigate({ search: view ? { view } : {}, replace: true })}
        />
      )}
    </div>
  );
}
