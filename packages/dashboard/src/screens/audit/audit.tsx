import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { AuditRecord } from '@vigiles/contract';
import { Download, ScrollText } from 'lucide-react';
import { useMemo, useState } from 'react';
import { auditExport, auditQuery } from '../../data/audit.ts';
import { devicesQuery } from '../../data/devices.ts';
import { actorName } from '../../live/actor-names.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { Menu } from '../../ui/menu.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Ago } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { RecordDrawer } from './record-drawer.tsx';
import { VerifyChain } from './verify-chain.tsx';

const spans = [
  { id: '', label: 'All time' },
  { id: 'hour', label: 'Hour' },
  { id: 'day', label: 'Day' },
  { id: 'week', label: 'Week' },
];
const spanMs: Record<string, number> = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 };

/** Verbs by the word before their dot: what one looks for. */
const kinds = [
  'config',
  'action',
  'device',
  'port',
  'session',
  'web',
  'plugin',
  'mail',
  'github',
  'notification',
  'guard',
  'sign-in-link',
  'audit',
];

function What({ record }: { record: AuditRecord }) {
  return (
    <Link
      to="/audit"
      search={(before) => ({ ...before, id: String(record.seq) })}
      data-row-link
      className={`${rowLink} font-mono text-xs font-medium`}
    >
      {record.verb}
    </Link>
  );
}

/** A call that was refused is told by its code. */
const resultOf = ({ data }: AuditRecord): string | null =>
  typeof data['result'] === 'string' && data['result'] !== 'ok' ? data['result'] : null;

const columns: Column<AuditRecord>[] = [
  {
    id: 'seq',
    header: 'No.',
    width: '64px',
    from: 'md',
    cell: (row) => <span className="num text-text-3">{row.seq}</span>,
  },
  { id: 'verb', header: 'What', width: 'minmax(110px,0.8fr)', cell: (row) => <What record={row} /> },
  {
    id: 'target',
    header: 'About',
    width: 'minmax(80px,2fr)',
    cell: (row) => <span className="truncate text-text-2">{row.target}</span>,
  },
  {
    id: 'result',
    header: 'Refused',
    width: '160px',
    from: 'lg',
    cell: (row) => <span className="truncate font-mono text-xs text-bad">{resultOf(row)}</span>,
  },
  {
    id: 'actor',
    header: 'Who',
    width: 'minmax(80px,0.8fr)',
    from: 'sm',
    cell: (row) => <span className="truncate">{actorName(row.actor)}</span>,
  },
  {
    id: 'when',
    header: 'When',
    width: '84px',
    align: 'end',
    cell: (row) => <Ago ts={row.ts} className="z-[1] text-text-3" />,
  },
];

const select = 'h-8 max-w-40 rounded-md border border-line-strong bg-surface px-2 text-sm hover:border-edge';

/** Who did what, newest first: each record holds the hash of the one before it. */
export function Audit() {
  usePageTitle('Audit');
  const search = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const [now] = useState(() => Date.now());
  const devices = useQuery(devicesQuery).data ?? [];
  const span = search.span ? spanMs[search.span] : undefined;
  const filter = {
    actor: search.actor,
    verb: search.verb,
    target: search.q,
    // To the minute, so that the same question is asked with the same words.
    since: span === undefined ? undefined : Math.floor((now - span) / 60_000) * 60_000,
  };
  const query = useInfiniteQuery(auditQuery(filter));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.records) ?? [], [query.data]);
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const set = (change: Record<string, string | undefined>): void =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
      replace: true,
    });
  const seq = Number(search.id);
  const save = (format: 'jsonl' | 'csv') => (): void => {
    const link = document.createElement('a');
    link.href = auditExport(format, filter);
    link.download = `vigiles-audit.${format}`;
    link.click();
  };
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Toolbar>
          <SearchField label="Search targets" value={search.q ?? ''} onChange={(q) => set({ q })} />
          <select
            aria-label="What was done"
            className={select}
            value={search.verb ?? ''}
            onChange={(event) => set({ verb: event.target.value })}
          >
            <option value="">Anything</option>
            {search.verb && !kinds.includes(search.verb) && <option>{search.verb}</option>}
            {kinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
          <select
            aria-label="Who did it"
            className={select}
            value={search.actor ?? ''}
            onChange={(event) => set({ actor: event.target.value })}
          >
            <option value="">Anybody</option>
            <option value="watchdog">The watchdog</option>
            {search.actor &&
              search.actor !== 'watchdog' &&
              !devices.some(({ id }) => `device:${id}` === search.actor) && (
                <option value={search.actor}>{actorName(search.actor)}</option>
              )}
            {devices.map(({ id, name }) => (
              <option key={id} value={`device:${id}`}>
                {name}
              </option>
            ))}
          </select>
          <Segmented
            label="Since"
            items={spans}
            value={search.span ?? ''}
            onChange={(id) => set({ span: id })}
          />
          <div className="ml-auto flex flex-wrap items-center gap-2">
            <VerifyChain />
            <Menu
              trigger={
                <Button>
                  <Download aria-hidden size={14} /> Export
                </Button>
              }
              items={[
                { id: 'jsonl', label: 'JSON lines', onSelect: save('jsonl') },
                { id: 'csv', label: 'CSV', onSelect: save('csv') },
              ]}
            />
          </div>
        </Toolbar>
        <Listing
          query={query}
          count={rows.length}
          what="The audit"
          empty={
            <EmptyState icon={ScrollText} title={filtered ? 'No record matches' : 'Nothing was done so far'}>
              {filtered ? (
                <Button className="mt-2" onClick={() => void navigate({ search: {}, replace: true })}>
                  Show all
                </Button>
              ) : (
                'Every change that a person or the watchdog makes is written down here.'
              )}
            </EmptyState>
          }
        >
          <VirtualTable
            className="bg-surface [--row-pad:var(--gutter)]"
            label="Audit"
            columns={columns}
            rows={rows}
            rowKey={(row) => String(row.seq)}
            selected={search.id}
            resetKey={JSON.stringify(filter)}
            compact={(row) => (
              <>
                <div className="flex items-center gap-3">
                  <What record={row} />
                  <Ago ts={row.ts} className="ml-auto shrink-0 text-text-3" />
                </div>
                <div className="flex items-center gap-3 text-sm text-text-3">
                  <span className="min-w-0 truncate">{row.target || '—'}</span>
                  <span className="ml-auto shrink-0">{actorName(row.actor)}</span>
                </div>
              </>
            )}
            footer={<OlderPages query={query}>Older records</OlderPages>}
          />
        </Listing>
      </div>
      {Number.isSafeInteger(seq) && seq > 0 && (
        <RecordDrawer seq={seq} onClose={() => set({ id: undefined })} />
      )}
    </div>
  );
}
