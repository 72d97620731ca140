import { useInfiniteQuery } from '@tanstack/react-query';
import { History as HistoryIcon } from 'lucide-react';
import { useState } from 'react';
import { configHistoryQuery, type ConfigVersion } from '../../data/config.ts';
import { useNames } from '../../data/use-names.ts';
import { actorName } from '../../live/actor-names.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { ReviewDialog } from './review-dialog.tsx';

const what = ({ changed }: ConfigVersion): string =>
  changed.length === 0 ? 'As it was found at a start' : changed.join(', ');

const who = ({ actor }: ConfigVersion): string => (actor === 'file' ? 'In the file' : actorName(actor));

/** Every version that was in force: who changed what, when, and the way back to it. */
export function ConfigHistory() {
  usePageTitle('History of the settings');
  useNames();
  const query = useInfiniteQuery(configHistoryQuery);
  const [back, setBack] = useState<ConfigVersion | null>(null);
  if (query.isError && !query.data)
    return <ErrorState error={query.error} what="The history" retry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={6} />;
  const versions = query.data.pages.flatMap((page) => page.versions);
  if (versions.length === 0)
    return (
      <EmptyState icon={HistoryIcon} title="No version yet">
        Every version of vigiles.yaml that comes into force is kept here, with who made it.
      </EmptyState>
    );
  const goBack = (row: ConfigVersion) =>
    row.current ? (
      <Badge>In force</Badge>
    ) : (
      <Button
        data-row-link=""
        aria-label={`Compare with the version of ${new Date(row.ts).toLocaleString()}`}
        onClick={() => setBack(row)}
      >
        Compare
      </Button>
    );
  const columns: Column<ConfigVersion>[] = [
    { id: 'when', header: 'When', width: '96px', cell: (row) => <Ago ts={row.ts} className="text-text-2" /> },
    {
      id: 'who',
      header: 'Who',
      width: 'minmax(90px,180px)',
      cell: (row) => <span className="truncate">{who(row)}</span>,
    },
    {
      id: 'what',
      header: 'What',
      width: 'minmax(0,1fr)',
      cell: (row) => (
        <span
          className={cx('truncate text-text-2', row.changed.length > 0 && 'font-mono text-xs')}
          data-tip={what(row)}
        >
          {what(row)}
        </span>
      ),
    },
    { id: 'back', header: 'Restore', width: '92px', align: 'end', cell: goBack },
  ];
  return (
    <>
      <VirtualTable
        className="bg-surface [--row-pad:var(--gutter)]"
        label="Versions"
        columns={columns}
        rows={versions}
        rowKey={({ id }) => id}
        compact={(row) => (
          <div className="flex items-center gap-3">
            <div className="min-w-0 flex-1">
              <p className="flex gap-2">
                <span className="truncate">{who(row)}</span>
                <Ago ts={row.ts} className="shrink-0 text-text-3" />
              </p>
              <p className={cx('truncate text-text-3', row.changed.length > 0 && 'font-mono text-xs')}>
                {what(row)}
              </p>
            </div>
            {goBack(row)}
          </div>
        )}
        footer={<OlderPages query={query}>Older versions</OlderPages>}
      />
      {back && (
        <ReviewDialog
          title="Back to this version"
          verb="Put it back"
          wish={{ version: back.id }}
          onClose={() => setBack(null)}
          onSaved={() => setBack(null)}
        />
      )}
    </>
  );
}
