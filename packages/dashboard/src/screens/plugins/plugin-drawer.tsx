import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InstalledPlugin, PluginDetail, PluginProcess, PluginReadme } from '@vigiles/contract';
import { ExternalLink, SearchX } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { ApiError } from '../../data/api.ts';
import { actOnPlugin, pluginQuery, processesQuery, type PluginVerb } from '../../data/plugins.ts';
import { formatBytes } from '../../format/number.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Facts } from '../../ui/facts.tsx';
import { CheckField } from '../../ui/field.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateBadge } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { ConsentDialog } from './consent-dialog.tsx';
import { PermissionList } from './permission-list.tsx';
import { provisionLabel, stateOf } from './plugin-face.ts';
import { ProcessPanel } from './process-panel.tsx';

interface Wish {
  newer: boolean;
  version?: string;
}

/** A link that a plugin’s author wrote: only to a page of the web. */
function Page({ url, label }: { url: string | undefined; label: string }) {
  if (url === undefined || !/^https?:\/\//i.test(url)) return null;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="inline-flex items-center gap-1 text-sm text-text-2 underline underline-offset-2 hover:text-text"
    >
      {label} <ExternalLink aria-hidden size={12} />
    </a>
  );
}

function Verbs({
  installed,
  name,
  wish,
}: {
  installed: InstalledPlugin;
  name: string;
  wish: (wish: Wish) => void;
}) {
  const client = useQueryClient();
  const [purge, setPurge] = useState(false);
  const act = useMutation({
    mutationFn: (verb: PluginVerb) => actOnPlugin(installed.id, verb, verb === 'uninstall' && purge),
    onSuccess: ({ status, data }) => {
      const left =
        data && (data.kept ? `; what it kept stays in ${data.folder}` : '; what it kept is deleted');
      toast(`${name}: ${status.replaceAll('_', ' ')}${left ?? ''}`);
      return client.invalidateQueries({ queryKey: ['plugins'] });
    },
  });
  const { update, previous_version: previous } = installed;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {update && (
          <Button variant="primary" size="md" onClick={() => wish({ newer: true })}>
            Update to {update.version}
          </Button>
        )}
        <Button
          size="md"
          disabled={act.isPending}
          onClick={() => act.mutate(installed.enabled ? 'disable' : 'enable')}
        >
          {installed.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        {previous !== null && (
          <Button size="md" disabled={act.isPending} onClick={() => act.mutate('rollback')}>
            Back to {previous}
          </Button>
        )}
        <Button
          variant="danger"
          size="md"
          className="ml-auto"
          disabled={act.isPending}
          onClick={() => act.mutate('uninstall')}
        >
          {purge ? 'Uninstall and delete' : 'Uninstall'}
        </Button>
      </div>
      <div className="self-end text-sm text-text-2">
        <CheckField label="Delete what it kept, too" checked={purge} onChange={setPurge} />
      </div>
      {act.isError && (
        <p role="alert" className="text-sm break-words text-bad">
          {act.error.message}
        </p>
      )}
    </div>
  );
}

/** Its author's words, as they are: text and nothing else. */
function Readme({ readme }: { readme: PluginReadme }) {
  return (
    <section aria-label="What its author says" className="flex flex-col gap-2 border-t border-line pt-4">
      <h3 className="font-medium">README</h3>
      <pre
        tabIndex={0}
        role="region"
        aria-label="README"
        className="max-h-80 overflow-y-auto rounded-md bg-sunken p-3 font-mono text-sm break-words whitespace-pre-wrap text-text-2"
      >
        {readme.text}
      </pre>
      {readme.truncated && <p className="text-sm text-text-3">It goes on in the package.</p>}
    </section>
  );
}

function Shown({
  detail,
  process,
  wish,
}: {
  detail: PluginDetail;
  process: PluginProcess | undefined;
  wish: (wish: Wish) => void;
}) {
  const { manifest, installed, latest, versions } = detail;
  const face = installed && stateOf(installed, process);
  const problem = installed?.problem ?? (face?.tone === 'bad' ? process?.reason : null);
  return (
    <div className="flex flex-col gap-5 p-4">
      <div className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          {face ? <StateBadge face={face} /> : <Badge>Not installed</Badge>}
          {latest && !latest.compatible && <Badge>Not for this version of Vigiles</Badge>}
          <span className="num text-text-3">{installed?.version ?? manifest.version}</span>
        </div>
        <p className="text-pretty break-words whitespace-pre-line">{manifest.description}</p>
        <div className="flex gap-4">
          <Page url={manifest.homepage} label="Home page" />
          <Page url={manifest.documentation} label="Documentation" />
        </div>
        {problem && <p className="rounded-md bg-bad-soft px-3 py-2 break-words text-bad">{problem}</p>}
      </div>
      {installed ? (
        <Verbs installed={installed} name={manifest.name} wish={wish} />
      ) : (
        <Button
          variant="primary"
          size="md"
          className="self-start"
          disabled={latest?.compatible !== true}
          onClick={() => wish({ newer: false })}
        >
          Install…
        </Button>
      )}
      <section aria-label="Permissions" className="flex flex-col gap-2 border-t border-line pt-4">
        <h3 className="font-medium">{installed ? 'It may' : 'It asks to'}</h3>
        <PermissionList permissions={installed?.granted ?? manifest.permissions} />
      </section>
      <section aria-label="What it brings" className="flex flex-col gap-2 border-t border-line pt-4">
        <h3 className="font-medium">It brings</h3>
        <ul className="flex flex-wrap gap-1.5">
          {manifest.provides.map(({ kind, name }) => (
            <li key={`${kind} ${name}`}>
              <Badge>
                {provisionLabel[kind] ?? kind}: <span className="ml-1 font-mono">{name}</span>
              </Badge>
            </li>
          ))}
        </ul>
      </section>
      {process && <ProcessPanel process={process} />}
      {detail.readme && <Readme readme={detail.readme} />}
      <section aria-label="About it" className="flex flex-col gap-2 border-t border-line pt-4">
        <h3 className="font-medium">About it</h3>
        <Facts
          rows={[
            ['Author', manifest.author],
            ['Licence', manifest.license],
            ['Works with', `Vigiles ${manifest.engine}`],
            ['From', installed?.source ?? latest?.source ?? 'nowhere any more'],
            ['Package', formatBytes(detail.package?.size)],
            ['Needs', Object.keys(manifest.dependencies).join(', ') || 'no other plugin'],
            ['Needed by', detail.needed_by.join(', ') || 'no other plugin'],
          ]}
        />
      </section>
      {versions.length > 0 && (
        <section aria-label="Versions" className="flex flex-col gap-2 border-t border-line pt-4">
          <h3 className="font-medium">Versions</h3>
          <ul className="flex flex-col">
            {versions.slice(0, 20).map(({ version, compatible, published_at, source }) => (
              <li key={`${source} ${version}`} className="flex h-9 items-center gap-3">
                <span className="num w-28 truncate">{version}</span>
                <span className="truncate text-sm text-text-3">{source}</span>
                <Ago ts={published_at} className="ml-auto text-sm text-text-3" />
                {version === installed?.version ? (
                  <Badge>Installed</Badge>
                ) : (
                  <Button
                    disabled={!compatible}
                    aria-label={`Take version ${version}`}
                    onClick={() => wish({ newer: installed !== null, version })}
                  >
                    Take
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** One plugin: what it may do, what it brings, how it runs, and what can be done with it. */
export function PluginDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(pluginQuery(id));
  const process = useQuery(processesQuery).data?.find((one) => one.id === id);
  const [wish, setWish] = useState<Wish | null>(null);
  const name = query.data?.manifest.name ?? id;
  return (
    <Drawer title={name} label={`Plugin ${name}`} onClose={onClose}>
      {query.isPending ? (
        <SkeletonRows rows={8} height={28} />
      ) : query.isError ? (
        query.error instanceof ApiError && query.error.status === 404 ? (
          <EmptyState icon={SearchX} title="There is no such plugin" />
        ) : (
          <ErrorState error={query.error} what="The plugin" retry={() => void query.refetch()} />
        )
      ) : (
        <Shown detail={query.data} process={process} wish={setWish} />
      )}
      {wish && <ConsentDialog id={id} name={name} {...wish} onClose={() => setWish(null)} />}
    </Drawer>
  );
}
