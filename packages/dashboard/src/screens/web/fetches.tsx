import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AuditRecord } from '@vigiles/contract';
import { Globe } from 'lucide-react';
import { useMemo } from 'react';
import { auditQuery } from '../../data/audit.ts';
import { useNames } from '../../data/use-names.ts';
import { actorName } from '../../live/actor-names.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';

const reasons: Record<string, string> = {
  egress_private_address: 'A private address',
  egress_bad_address: 'No address that is fetched',
  egress_name_unknown: 'No such host',
  egress_redirect: 'A redirect that is not followed',
  egress_too_large: 'Too large',
  egress_timeout: 'Took too long',
  egress_unreachable: 'Not reached',
  egress_bad_answer: 'An answer that cannot be read',
  web_robots: 'Forbidden by robots.txt',
  web_not_text: 'No text',
  web_not_json: 'No JSON',
  web_disabled: 'Switched off',
  web_busy: 'Too many at once',
  web_page_unreadable: 'Cannot be read',
  rate_limited: 'Over the limit of its device',
  quota_exhausted: 'The quota of its device is used up',
  egress_cancelled: 'Its device went away',
  invalid_request: 'Not a valid request',
};

const codeOf = ({ data }: AuditRecord): string | null =>
  typeof data['result'] === 'string' && data['result'] !== 'ok' ? data['result'] : null;

/** Why it was refused; null: it was fetched. */
function reasonOf(record: AuditRecord): string | null {
  const code = codeOf(record);
  return code === null ? null : (reasons[code] ?? code);
}

function Address({ row }: { row: AuditRecord }) {
  return (
    <Link
      to="/audit"
      search={{ verb: 'web', id: String(row.seq) }}
      data-row-link
      className={`${rowLink} font-mono text-xs`}
    >
      {row.target || 'no address'}
    </Link>
  );
}

const columns: Column<AuditRecord>[] = [
  { id: 'address', header: 'Address', width: 'minmax(0,2fr)', cell: (row) => <Address row={row} /> },
  {
    id: 'result',
    header: 'Result',
    width: 'minmax(110px,1fr)',
    cell: (row) =>
      reasonOf(row) === null ? (
        <span className="text-text-2">Fetched</span>
      ) : (
        <span className="truncate text-bad" data-tip={codeOf(row) ?? undefined}>
          {reasonOf(row)}
        </span>
      ),
  },
  {
    id: 'who',
    header: 'Device',
    width: 'minmax(0,0.8fr)',
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

/** Which device fetched what, out of the audit; of addresses the query is not kept. */
export function Fetches({ refused }: { refused: boolean }) {
  useNames();
  const query = useInfiniteQuery(auditQuery({ verb: 'web.fetch' }));
  const rows = useMemo(
    () =>
      (query.data?.pages.flatMap((page) => page.records) ?? []).filter(
        (record) => !refused || codeOf(record) !== null,
      ),
    [query.data, refused],
  );
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="The fetches" retry={() => void query.refetch()} />;
  if (query.isPending) return <SkeletonRows rows={8} />;
  const older = <OlderPages query={query}>Older fetches</OlderPages>;
  if (rows.length === 0)
    return (
      <>
        <EmptyState icon={Globe} title={refused ? 'Nothing was refused' : 'No page was fetched'}>
          {refused
            ? 'What leads to a private address, is too large or is no text is refused, and told here with the reason.'
            : 'Each page that a device fetches is written down here.'}
        </EmptyState>
        {older}
      </>
    );
  return (
    <VirtualTable
      className="bg-surface [--row-pad:var(--gutter)]"
      label={refused ? 'Refused pages' : 'Fetched pages'}
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.seq)}
      resetKey={String(refused)}
      compact={(row) => (
        <>
          <div className="flex items-center gap-3 overflow-hidden">
            <Address row={row} />
            <Ago ts={row.ts} className="ml-auto shrink-0 text-text-3" />
          </div>
          <div className="flex items-center gap-3 text-sm text-text-3">
            <span className={reasonOf(row) ? 'text-bad' : ''}>{reasonOf(row) ?? 'Fetched'}</span>
            <span className="ml-auto min-w-0 truncate">{actorName(row.actor)}</span>
          </div>
        </>
      )}
      footer={older}
    />
  );
}
