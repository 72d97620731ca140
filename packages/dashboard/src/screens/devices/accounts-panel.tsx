import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { OauthConnection } from '@vigiles/contract';
import { Link2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { beginConnection, connectionsQuery, disconnectAccount, renewConnection } from '../../data/devices.ts';
import { actorName } from '../../live/actor-names.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DialogActions } from '../../ui/dialog-actions.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';

const faces: Record<OauthConnection['status'], { label: string; look: string }> = {
  not_configured: { label: 'not connected', look: '' },
  pending_auth: { label: 'being connected', look: '' },
  connected: { label: 'connected', look: 'bg-ok-soft text-ok' },
  expired: { label: 'expired', look: 'bg-bad-soft text-bad' },
  error: { label: 'error', look: 'bg-warn-soft text-warn' },
};

function Disconnect({ connection, onClose }: { connection: OauthConnection; onClose: () => void }) {
  const client = useQueryClient();
  const disconnect = useMutation({
    mutationFn: () => disconnectAccount(connection.provider),
    async onSuccess({ revoked }) {
      onClose();
      if (revoked) toast(`${connection.label} is disconnected`);
      else
        toast.warning(`${connection.label} is disconnected here`, {
          description:
            'It did not confirm that it ended what it gave. Look into the account’s settings there.',
        });
      await client.invalidateQueries({ queryKey: ['oauth'] });
    },
  });
  return (
    <Dialog title={`Disconnect ${connection.label}`} onClose={onClose}>
      <div className="flex flex-col gap-4 p-4">
        <p className="text-pretty text-text-2">
          {connection.label} is asked to end what it gave for {connection.account ?? 'the account'}, and
          Vigiles forgets it. Devices that ask through it are refused from then on.
        </p>
        {disconnect.isError && (
          <p role="alert" className="text-sm break-words text-bad">
            {disconnect.error.message}
          </p>
        )}
        <DialogActions bare>
          <Button size="md" onClick={onClose}>
            Keep it
          </Button>
          <Button
            size="md"
            variant="danger"
            disabled={disconnect.isPending}
            onClick={() => disconnect.mutate()}
          >
            {disconnect.isPending ? 'Disconnecting…' : 'Disconnect'}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}

function Row({ connection, connect }: { connection: OauthConnection; connect: (provider: string) => void }) {
  const client = useQueryClient();
  const [leaving, setLeaving] = useState(false);
  const renew = useMutation({
    mutationFn: () => renewConnection(connection.provider),
    onSettled: () => client.invalidateQueries({ queryKey: ['oauth'] }),
    onError: (error) => void toast.error('It was not renewed', { description: error.message }),
  });
  const { provider, label, status, account, configured, connected_at, connected_by, proxy, message } =
    connection;
  const face = faces[status];
  const there = connected_at !== null;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium">{label}</span>
          <Badge className={face.look}>{configured ? face.label : 'not set up'}</Badge>
          {account && <span className="wrap-anywhere text-text-2">{account}</span>}
        </p>
        {!configured && (
          <p className="mt-0.5 text-sm text-pretty text-text-3">
            Bring a client of your own: add it to <code className="font-mono text-xs">oauth.providers</code>{' '}
            in the settings.
          </p>
        )}
        {there && (
          <p className="mt-0.5 text-sm text-text-3">
            by {actorName(connected_by ?? '')}, <Ago ts={connected_at} />;{' '}
            {proxy.length === 0
              ? 'devices may ask nothing through it'
              : `${proxy.length} paths open to devices`}
          </p>
        )}
        {message && <p className="mt-1 text-sm text-pretty break-words text-bad">{message}</p>}
      </div>
      {configured && (
        <div className="flex flex-wrap items-center gap-2">
          {status === 'error' && (
            <Button
              disabled={renew.isPending}
              onClick={() => renew.mutate()}
              aria-label={`Try ${label} again`}
            >
              Try again
            </Button>
          )}
          {status !== 'connected' && (
            <Button variant="primary" aria-label={`Connect ${label}`} onClick={() => connect(provider)}>
              {there ? 'Connect again' : 'Connect'}
            </Button>
          )}
          {there && (
            <Button variant="danger" aria-label={`Disconnect ${label}`} onClick={() => setLeaving(true)}>
              Disconnect
            </Button>
          )}
        </div>
      )}
      {leaving && <Disconnect connection={connection} onClose={() => setLeaving(false)} />}
    </li>
  );
}

/** Accounts at other services, held by Vigiles so that no device has to. */
export function AccountsPanel() {
  const query = useQuery(connectionsQuery);
  const { connect: wanted } = useSearch({ from: '/shell/devices' });
  const navigate = useNavigate();
  const begun = useRef('');
  const begin = useMutation({
    mutationFn: beginConnection,
    onSuccess: ({ authorization_url: url }) => window.location.assign(url),
    onError: (error) => void toast.error('It cannot be connected', { description: error.message }),
  });
  const { mutate } = begin;
  // `vigiles oauth connect NAME` leads here: a sign-in counts for the browser that begins it.
  useEffect(() => {
    if (!wanted || begun.current === wanted) return;
    begun.current = wanted;
    void navigate({ to: '/devices', search: {}, replace: true });
    mutate(wanted);
  }, [wanted, mutate, navigate]);
  const { data } = query;
  const shown = data?.filter(({ configured, connected_at }) => configured || connected_at !== null) ?? [];
  const others = data?.filter((one) => !shown.includes(one)) ?? [];
  return (
    <Panel title="Connected accounts" flush aside={data && <span className="num">{shown.length}</span>}>
      {query.isError && !data ? (
        <ErrorState error={query.error} what="Accounts" retry={() => void query.refetch()} />
      ) : !data ? (
        <SkeletonRows rows={2} height={56} />
      ) : (
        <>
          {shown.length === 0 ? (
            <EmptyState icon={Link2} title="No account is connected">
              Devices can ask other services through Vigiles without holding their tokens. Add a client of
              your own under <code className="font-mono text-xs">oauth.providers</code>:{' '}
              {others.map(({ label }) => label).join(', ')}, or any OpenID provider.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {shown.map((one) => (
                <Row key={one.provider} connection={one} connect={mutate} />
              ))}
            </ul>
          )}
          {shown.length > 0 && others.length > 0 && (
            <p className="border-t border-line px-4 py-2.5 text-sm text-pretty text-text-3">
              Not set up: {others.map(({ label }) => label).join(', ')}.
            </p>
          )}
        </>
      )}
    </Panel>
  );
}
