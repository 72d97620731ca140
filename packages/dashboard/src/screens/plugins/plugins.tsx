import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { PluginSummary } from '@vigiles/contract';
import { Puzzle, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { installedPluginsQuery, pluginsQuery, processesQuery, registriesQuery } from '../../data/plugins.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Listing } from '../../ui/listing.tsx';
import { OlderPages } from '../../ui/older-pages.tsx';
import { rowLink } from '../../ui/row-link.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { VirtualTable, type Column } from '../../ui/virtual-table.tsx';
import { PluginDrawer } from './plugin-drawer.tsx';
import { permissionsAsText, provisionLabel, stateOf } from './plugin-face.ts';

const views = [
  { id: '', label: 'All' },
  { id: 'installed', label: 'Installed' },
];

function Name({ row }: { row: PluginSummary }) {
  return (
    <Link
      to="/plugins"
      search={(before) => ({ ...before, id: row.id })}
      data-row-link
      className={`${rowLink} min-w-0`}
    >
      <span className="font-medium">{row.name}</span>
      <span className="ml-2 text-text-3">{row.description}</span>
    </Link>
  );
}

/** How one that is installed does; else only that it can be had. */
function State({ row }: { row: PluginSummary }) {
  const installed = useQuery(installedPluginsQuery).data?.find(({ id }) => id === row.id);
  const process = useQuery(processesQuery).data?.find(({ id }) => id === row.id);
  if (!installed) return row.compatible ? null : <span className="text-text-3">Other version</span>;
  return <StateLabel face={stateOf(installed, process)} quiet />;
}

const kindsOf = (row: PluginSummary): string =>
  [...new Set(row.provides.map(({ kind }) => provisionLabel[kind] ?? kind))].join(', ');

function asksFor(row: PluginSummary): string {
  const all = permissionsAsText(row.permissions);
  return all.length === 0 ? 'nothing' : all.map(({ text }) => text.split(':')[0]?.toLowerCase()).join(', ');
}

const columns: Column<PluginSummary>[] = [
  { id: 'name', header: 'Plugin', width: 'minmax(0,3fr)', cell: (row) => <Name row={row} /> },
  { id: 'state', header: 'State', width: '120px', cell: (row) => <State row={row} /> },
  {
    id: 'brings',
    header: 'Brings',
    width: 'minmax(0,1fr)',
    from: 'md',
    cell: (row) => <span className="truncate text-text-2">{kindsOf(row)}</span>,
  },
  {
    id: 'asks',
    header: 'Asks for',
    width: 'minmax(0,1.4fr)',
    from: 'lg',
    cell: (row) => (
      <span className="truncate text-text-2" data-tip={asksFor(row)}>
        {asksFor(row)}
      </span>
    ),
  },
  {
    id: 'source',
    header: 'From',
    width: '92px',
    from: 'md',
    cell: (row) => <span className="truncate text-text-3">{row.source}</span>,
  },
  {
    id: 'version',
    header: 'Version',
    width: '148px',
    align: 'end',
    from: 'sm',
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2">
        {row.update_available && <Badge>Update</Badge>}
        <span className="truncate text-text-2">{row.installed_version ?? row.version}</span>
      </span>
    ),
  },
];

/** Registries whose plugins cannot be had, and why. */
function Registries() {
  const wrong = (useQuery(registriesQuery).data ?? []).filter(({ problem }) => problem !== null);
  if (wrong.length === 0) return null;
  return (
    <ul className="shrink-0 border-b border-line px-(--gutter) py-2 text-sm text-warn">
      {wrong.map(({ name, problem }) => (
        <li key={name} className="flex gap-2">
          <TriangleAlert aria-hidden size={13} className="mt-[3px] shrink-0" />
          <span className="min-w-0 break-words">
            {name}: {problem}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Plugins that can be had and those that are installed. */
export function Plugins() {
  usePageTitle('Plugins');
  const search = useSearch({ from: '/shell/plugins' });
  const navigate = useNavigate({ from: '/plugins' });
  const onlyInstalled = search.view === 'installed';
  const query = useInfiniteQuery(
    pluginsQuery({ search: search.q, installed: onlyInstalled ? 'true' : undefined }),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.plugins) ?? [], [query.data]);
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
          <Segmented
            label="View"
            items={views}
            value={search.view ?? ''}
            onChange={(view) => set({ view })}
          />
          <SearchField label="Search plugins" value={search.q ?? ''} onChange={(q) => set({ q })} />
          <span className="num ml-auto text-sm text-text-3">{query.data?.pages[0]?.count}</span>
        </Toolbar>
        <Registries />
        <Listing
          query={query}
          count={rows.length}
          what="Plugins"
          empty={
            <EmptyState
              icon={Puzzle}
              title={
                search.q ? 'No plugin matches' : onlyInstalled ? 'None is installed' : 'No plugin can be had'
              }
            >
              {search.q
                ? 'Names and descriptions are searched.'
                : 'Publish one with vigiles plugin publish, or name a registry in the settings.'}
            </EmptyState>
          }
        >
          <VirtualTable
            className="bg-surface [--row-pad:var(--gutter)]"
            label="Plugins"
            columns={columns}
            rows={rows}
            rowKey={({ id, source }) => `${source}:${id}`}
            selected={rows.filter(({ id }) => id === search.id).map(({ id, source }) => `${source}:${id}`)[0]}
            resetKey={`${search.q} ${search.view}`}
            compact={(row) => (
              <>
                <div className="flex items-center gap-3 overflow-hidden">
                  <Name row={row} />
                </div>
                <div className="flex items-center gap-3 text-sm text-text-3">
                  <State row={row} />
                  <span className="truncate">{kindsOf(row)}</span>
                  <span className="ml-auto flex shrink-0 items-center gap-2">
                    {row.update_available && <Badge>Update</Badge>}
                    {row.installed_version ?? row.version}
                  </span>
                </div>
              </>
            )}
            footer={<OlderPages query={query}>More plugins</OlderPages>}
          />
        </Listing>
      </div>
      {search.id && <PluginDrawer key={search.id} id={search.id} onClose={() => set({ id: undefined })} />}
    </div>
  );
}
