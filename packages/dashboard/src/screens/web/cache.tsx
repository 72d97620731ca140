import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, Trash2 } from 'lucide-react';
import { clearWebCache, webCacheQuery } from '../../data/web.ts';
import { formatBytes, formatCount } from '../../format/number.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import type { WebCache } from '@vigiles/contract';

type Kept = WebCache['pages'][number] & { key: string };

const columns: Column<Kept>[] = [
  {
    id: 'url',
    header: 'Page',
    width: 'minmax(0,1fr)',
    cell: (row) => <span className="truncate font-mono text-xs">{row.url}</span>,
  },
  {
    id: 'status',
    header: 'Status',
    width: '64px',
    from: 'sm',
    cell: (row) => <Badge>{row.status_code}</Badge>,
  },
  {
    id: 'size',
    header: 'Size',
    width: '84px',
    align: 'end',
    cell: (row) => <span className="text-text-2">{formatBytes(row.bytes)}</span>,
  },
  {
    id: 'kept',
    header: 'Kept',
    width: '84px',
    align: 'end',
    cell: (row) => <Ago ts={row.kept_at} className="text-text-3" />,
  },
];

/** What is kept of the pages that were fetched. */
export function Cache() {
  const client = useQueryClient();
  const query = useQuery(webCacheQuery);
  const clear = useMutation({
    mutationFn: clearWebCache,
    onSuccess: (now) => client.setQueryData(webCacheQuery.queryKey, now),
  });
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="The cache" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={6} />;
  const { count, bytes, limit_bytes: limit, pages } = query.data;
  if (count === 0)
    return (
      <EmptyState icon={Archive} title="No page is kept">
        Pages that may be kept are, up to {formatBytes(limit)}; sites are asked whether they have changed.
      </EmptyState>
    );
  return (
    <>
      <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line px-(--gutter) text-sm text-text-2">
        <span className="num">
          {formatCount(count)} pages, {formatBytes(bytes)} of {formatBytes(limit)}
        </span>
        <Button className="ml-auto" disabled={clear.isPending} onClick={() => clear.mutate()}>
          <Trash2 aria-hidden size={13} /> Empty it
        </Button>
      </div>
      <VirtualTable
        className="bg-surface [--row-pad:var(--gutter)]"
        label="Kept pages"
        columns={columns}
        rows={pages.map((page, i) => Object.assign({ key: `${i} ${page.url}` }, page))}
        rowKey={({ key }) => key}
        compact={(row) => (
          <>
            <span className="truncate font-mono text-xs">{row.url}</span>
            <span className="flex gap-3 text-sm text-text-3">
              {row.status_code}, {formatBytes(row.bytes)}
              <Ago ts={row.kept_at} className="ml-auto" />
            </span>
          </>
        )}
      />
    </>
  );
}
