import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePageTitle } from '../../shell/use-title.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Cache } from './cache.tsx';
import { Fetches } from './fetches.tsx';
import { TryFetch } from './try-fetch.tsx';

const views = [
  { id: '', label: 'Try' },
  { id: 'fetched', label: 'Fetched' },
  { id: 'refused', label: 'Refused' },
  { id: 'cache', label: 'Cache' },
];

/** Pages of the web as agents get them: one to try, who fetched which, what was refused, what is kept. */
export function WebPages() {
  usePageTitle('Web pages');
  const { view } = useSearch({ from: '/shell/web' });
  const navigate = useNavigate({ from: '/web' });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-12 shrink-0 items-center border-b border-line px-(--gutter)">
        <Segmented
          label="View"
          items={views}
          value={view ?? ''}
          onChange={(id) => void navigate({ search: id ? { view: id } : {}, replace: true })}
        />
      </div>
      {view === 'fetched' || view === 'refused' ? (
        <Fetches refused={view === 'refused'} />
      ) : view === 'cache' ? (
        <Cache />
      ) : (
        <TryFetch />
      )}
    </div>
  );
}
