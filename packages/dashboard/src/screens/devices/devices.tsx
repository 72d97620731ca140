import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { allows, type BudgetState, type QuotaState } from '@vigiles/contract';
import { Laptop, MonitorSmartphone, Plus } from 'lucide-react';
import { useState } from 'react';
import { devicesQuery, quotasQuery, waitingQuery, type ListedDevice } from '../../data/devices.ts';
import { budgetsQuery } from '../../data/gateway-queries.ts';
import { meQuery } from '../../data/queries.ts';
import { formatMicros, formatUsd } from '../../format/money.ts';
import { usePageTitle } from '../../shell/use-title.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Ago } from '../../ui/time.tsx';
import { AccountsPanel } from './accounts-panel.tsx';
import { RevokeDialog, RotateDialog } from './device-dialogs.tsx';
import { QuotaLine } from './quota-line.tsx';
import { PairDialog } from './pair-dialog.tsx';

type Shown = 'device' | 'browser' | 'revoked';

const budgetOf = (budgets: BudgetState[] | undefined, id: string): BudgetState | undefined =>
  budgets?.find(({ scope, name, span }) => scope === 'device' && name === id && span === 'daily');

function Row({
  device,
  budget,
  quotas,
  self,
  manage,
}: {
  device: ListedDevice;
  budget: BudgetState | undefined;
  quotas: readonly QuotaState[] | undefined;
  self: boolean;
  manage: boolean;
}) {
  const [open, setOpen] = useState<'rotate' | 'revoke' | null>(null);
  const { name, scopes, tenant, last_seen_at, created_at, revoked_at, requests, cost_today, kind } = device;
  const gone = revoked_at !== null;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-2.5 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className={`font-medium wrap-anywhere ${gone ? 'line-through opacity-60' : ''}`}>{name}</span>
          {self && <Badge>this browser</Badge>}
          {tenant !== 'main' && <Badge>{tenant}</Badge>}
          {scopes.map((scope) => (
            <Badge key={scope} className={scope === 'admin' ? 'bg-warn-soft text-warn' : ''}>
              {scope}
            </Badge>
          ))}
        </p>
        <p className="mt-0.5 text-sm text-text-3">
          {gone ? (
            <>
              revoked <Ago ts={revoked_at} />
            </>
          ) : last_seen_at === null ? (
            'never seen'
          ) : (
            <>
              seen <Ago ts={last_seen_at} />
            </>
          )}
          , paired <Ago ts={created_at} />, <span className="font-mono text-xs">{device.id}</span>
        </p>
        {!gone && quotas && <QuotaLine quotas={quotas} />}
      </div>
      {!gone && (
        <div className="text-sm text-text-3 sm:text-right">
          <p>
            <Link
              to="/gateway/usage"
              search={{ by: 'device' }}
              className="num text-text-2 underline-offset-2 hover:underline"
            >
              {formatUsd(cost_today)} today
            </Link>
          </p>
          <p className="num">
            {requests === 1 ? '1 turn' : `${requests} turns`}
            {budget ? `, of ${formatMicros(budget.limit_micros)} a day` : ''}
          </p>
        </div>
      )}
      {!gone && manage && (
        <div className="flex items-center gap-2">
          {kind === 'device' && (
            <Button aria-label={`Rotate the token of ${name}`} onClick={() => setOpen('rotate')}>
              Rotate
            </Button>
          )}
          <Button variant="danger" aria-label={`Revoke ${name}`} onClick={() => setOpen('revoke')}>
            {kind === 'browser' ? 'Sign out' : 'Revoke'}
          </Button>
        </div>
      )}
      {open === 'rotate' && <RotateDialog device={device} onClose={() => setOpen(null)} />}
      {open === 'revoke' && <RevokeDialog device={device} onClose={() => setOpen(null)} />}
    </li>
  );
}

/** How many programs show a code now, for whoever may let them in. */
function WaitingLine() {
  const waiting = useQuery(waitingQuery).data ?? [];
  if (waiting.length === 0) return null;
  const names = waiting.map(({ client_name }) => client_name).join(', ');
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-warn-soft px-4 py-2.5 text-warn"
    >
      <p className="min-w-0 flex-1 basis-60 break-words">
        {waiting.length === 1 ? `${names} waits to be let in.` : `${waiting.length} programs wait: ${names}.`}{' '}
        Type in the code it shows.
      </p>
      <Link to="/pair" search={{}} className={buttonClass()}>
        Enter a code
      </Link>
    </div>
  );
}

/** Who may talk to Vigiles, and the accounts it holds for them. */
export function Devices() {
  usePageTitle('Devices');
  const query = useQuery(devicesQuery);
  const me = useQuery(meQuery).data;
  const budgets = useQuery(budgetsQuery).data?.budgets;
  const quotas = useQuery(quotasQuery).data;
  const [shown, setShown] = useState<Shown>('device');
  const [pairing, setPairing] = useState(false);
  const manage = me !== undefined && allows({ ...me, deviceId: me.device_id }, 'devices');
  const { data } = query;
  const groups = {
    device: data?.filter(({ kind, revoked_at }) => kind === 'device' && revoked_at === null),
    browser: data?.filter(({ kind, revoked_at }) => kind === 'browser' && revoked_at === null),
    revoked: data?.filter(({ revoked_at }) => revoked_at !== null).slice(-100),
  };
  const rows = groups[shown]?.toSorted(
    (a, b) =>
      (b.revoked_at ?? b.last_seen_at ?? b.created_at) - (a.revoked_at ?? a.last_seen_at ?? a.created_at),
  );
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-(--gutter) py-6">
        <header className="flex flex-wrap items-center gap-3">
          <h1 className="text-xl font-semibold tracking-tight">Devices</h1>
          {manage && (
            <div className="ml-auto flex flex-wrap gap-2">
              <Link to="/pair" search={{}} className={buttonClass('secondary', 'md')}>
                Enter a code
              </Link>
              <Button size="md" variant="primary" onClick={() => setPairing(true)}>
                <Plus aria-hidden size={14} /> Pair a device
              </Button>
            </div>
          )}
        </header>
        {manage && <WaitingLine />}
        <Panel
          title="Access"
          flush
          aside={
            <Segmented
              label="Which devices"
              value={shown}
              onChange={(id) => setShown(id as Shown)}
              items={[
                { id: 'device', label: 'Devices', count: groups.device?.length },
                { id: 'browser', label: 'Browsers', count: groups.browser?.length },
                { id: 'revoked', label: 'Revoked', count: groups.revoked?.length },
              ]}
            />
          }
        >
          {query.isError && !data ? (
            <ErrorState error={query.error} what="Devices" retry={() => void query.refetch()} />
          ) : !rows ? (
            <SkeletonRows rows={4} height={56} />
          ) : rows.length === 0 ? (
            <EmptyState
              icon={shown === 'browser' ? MonitorSmartphone : Laptop}
              title={
                shown === 'revoked'
                  ? 'None was revoked'
                  : shown === 'browser'
                    ? 'No browser'
                    : 'No device yet'
              }
            >
              {shown === 'device' &&
                'Pair a phone, an agent or a script: each gets a token of its own that may do only what you say.'}
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {rows.map((device) => (
                <Row
                  key={device.id}
                  device={device}
                  budget={budgetOf(budgets, device.id)}
                  quotas={quotas?.get(device.id)}
                  self={device.id === me?.device_id}
                  manage={manage}
                />
              ))}
            </ul>
          )}
        </Panel>
        <AccountsPanel />
      </div>
      {pairing && <PairDialog onClose={() => setPairing(false)} />}
    </div>
  );
}
