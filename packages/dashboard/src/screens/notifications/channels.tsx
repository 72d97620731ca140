import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ChannelHealth } from '@vigiles/contract';
import { Megaphone, Plus, Send, Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { configQuery } from '../../data/config.ts';
import { channelsQuery, testChannel } from '../../data/notification-queries.ts';
import { formatAbsolute } from '../../format/duration.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { ChannelForm } from './channel-form.tsx';
import { DeadmanPanel } from './deadman-panel.tsx';
import { healthFace } from './faces.ts';
import { PushPanel } from './push-panel.tsx';
import { QuietPanel } from './quiet-panel.tsx';

const NEW = '+';

function Row({ channel, onEdit }: { channel: ChannelHealth; onEdit: () => void }) {
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => testChannel(channel.name),
    onSuccess({ state, reason, answer }) {
      if (state === 'delivered') toast.success(`${channel.name} took it`, { description: answer });
      else toast.error(`${channel.name} did not take it`, { description: reason || answer || state });
      void client.invalidateQueries({ queryKey: ['channels'] });
    },
    onError: (error) => void toast.error('No test was sent', { description: error.message }),
  });
  const { name, title, target, health, problem, queued, last_error: error, quiet_until: quiet } = channel;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-4">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="text-base font-medium break-all">{name}</span>
          <Badge>{title}</Badge>
          <StateLabel face={healthFace[health]} />
        </p>
        <p className="mt-0.5 break-words text-text-2">{target}</p>
        <p className="num mt-1 flex flex-wrap gap-x-4 text-sm text-text-3">
          <span>{channel.delivered_24h} delivered today</span>
          {channel.failed_24h > 0 && <span className="text-bad">{channel.failed_24h} failed</span>}
          {queued > 0 && <span>{queued} waiting</span>}
          {quiet !== null && <span>quiet until {formatAbsolute(quiet)}</span>}
          {channel.last_delivered_at !== null && (
            <span>
              last <Ago ts={channel.last_delivered_at} />
            </span>
          )}
        </p>
        {(problem ?? (health === 'failing' && error)) && (
          <div className="mt-2 border-l-2 border-bad-fill pl-3 text-sm break-words text-text-2">
            {problem ?? error?.reason}
            {!problem && error?.answer && (
              <p className="mt-0.5 font-mono text-xs text-text-3">{error.answer}</p>
            )}
          </div>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          aria-label={`Send a test to ${name}`}
          disabled={test.isPending || health === 'off'}
          onClick={() => test.mutate()}
        >
          <Send aria-hidden size={13} /> {test.isPending ? 'Sending…' : 'Test'}
        </Button>
        <Button aria-label={`Settings of ${name}`} onClick={onEdit}>
          <Settings2 aria-hidden size={13} /> Settings
        </Button>
      </div>
    </li>
  );
}

/** Every channel and how it does, the quiet hours, browsers, and the sign of life of Vigiles itself. */
export function Channels({ switcher }: { switcher: ReactNode }) {
  const search = useSearch({ from: '/shell/notifications' });
  const navigate = useNavigate({ from: '/notifications' });
  const query = useQuery(channelsQuery);
  const config = useQuery(configQuery);
  const { data } = query;
  const edit = (channel?: string): void =>
    void navigate({ search: { view: 'channels', ...(channel ? { channel } : {}) }, replace: true });
  const configured = config.data?.config.notifications.channels ?? [];
  const place = configured.findIndex(({ name }) => name === search.channel);
  const open =
    search.channel !== undefined && config.data !== undefined && (search.channel === NEW || place >= 0);
  const drawerTitle = search.channel === NEW ? 'New channel' : (search.channel ?? '');

  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Toolbar>
          {switcher}
          <Button variant="primary" className="ml-auto" onClick={() => edit(NEW)}>
            <Plus aria-hidden size={14} /> Add channel
          </Button>
        </Toolbar>
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-(--gutter) py-6">
            <Panel title="Channels" flush aside={data && <span className="num">{data.channels.length}</span>}>
              {query.isError && !data ? (
                <ErrorState error={query.error} what="Channels" retry={() => void query.refetch()} />
              ) : !data ? (
                <SkeletonRows rows={3} height={84} />
              ) : data.channels.length === 0 ? (
                <EmptyState icon={Megaphone} title="Nobody is told yet">
                  <p>Add a channel, and Vigiles tells you there what happens while you are away.</p>
                  <Button className="mt-3" onClick={() => edit(NEW)}>
                    Add channel
                  </Button>
                </EmptyState>
              ) : (
                <ul className="divide-y divide-line">
                  {data.channels.map((channel) => (
                    <Row key={channel.name} channel={channel} onEdit={() => edit(channel.name)} />
                  ))}
                </ul>
              )}
            </Panel>
            <div className="grid gap-4 lg:grid-cols-2">
              {config.data && <QuietPanel answer={config.data} />}
              <div className="flex flex-col gap-4">
                <PushPanel />
                {data && <DeadmanPanel state={data.deadman} />}
              </div>
            </div>
          </div>
        </div>
      </div>
      {open && config.data && (
        <Drawer title={drawerTitle} label={drawerTitle} onClose={() => edit()}>
          <ChannelForm
            key={search.channel}
            answer={config.data}
            place={place}
            onDone={() => {
              void query.refetch();
              edit();
            }}
          />
        </Drawer>
      )}
    </div>
  );
}
