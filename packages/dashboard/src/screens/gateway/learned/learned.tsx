import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Adaptation } from '@vigiles/contract';
import { GraduationCap, Pin, PinOff, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { adaptationsQuery, pinAdaptation, removeAdaptation } from '../../../data/gateway-queries.ts';
import { formatSpan } from '../../../format/duration.ts';
import { usePageTitle } from '../../../shell/use-title.ts';
import { upsert } from '../../../live/patch.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Ago } from '../../../ui/time.tsx';
import { useNow } from '../../../ui/use-now.ts';

/** How long it still holds, in words. */
function Ends({ adaptation }: { adaptation: Adaptation }) {
  const now = useNow();
  if (adaptation.pinned) return <>kept for good</>;
  if (!adaptation.in_force || adaptation.expires_at <= now) return <>expired</>;
  return <>forgotten in {formatSpan(adaptation.expires_at - now)}</>;
}

function Row({ adaptation }: { adaptation: Adaptation }) {
  const client = useQueryClient();
  const write = (changed: Adaptation, keep: boolean): void => {
    client.setQueryData<Adaptation[]>(adaptationsQuery.queryKey, (all) => all && upsert(all, changed, keep));
  };
  const failed = (error: Error): void =>
    void toast.error('It was not changed', { description: error.message });
  const pin = useMutation({
    mutationFn: () => pinAdaptation(adaptation.id, !adaptation.pinned),
    onSuccess: (changed) => write(changed, true),
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: () => removeAdaptation(adaptation.id),
    onSuccess(removed) {
      write(removed, false);
      toast('Forgotten', { description: `${removed.provider} is asked as it was before.` });
    },
    onError: failed,
  });
  const { change, provider, model, protocol, reason, evidence, status, count, last_seen, pinned } =
    adaptation;
  const PinIcon = pinned ? PinOff : Pin;
  return (
    <li className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 py-4">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <code className="font-mono text-base font-medium break-all">{change}</code>
          <Badge>{reason}</Badge>
        </p>
        <p className="mt-0.5 text-text-2">
          <span className="break-all">
            {provider}/{model}
          </span>{' '}
          <span className="text-text-3">over {protocol}</span>
        </p>
        <blockquote className="mt-2 border-l-2 border-line-strong pl-3 text-sm break-words text-text-2">
          {evidence}
          <footer className="mt-0.5 text-text-3">
            status {status}, seen {count === 1 ? 'once' : `${count} times`}, last <Ago ts={last_seen} />
          </footer>
        </blockquote>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <span className="num mr-1 text-sm text-text-3">
          <Ends adaptation={adaptation} />
        </span>
        <Button
          aria-label={`${pinned ? 'Unpin' : 'Pin'} ${change}`}
          disabled={pin.isPending}
          onClick={() => pin.mutate()}
        >
          <PinIcon aria-hidden size={13} /> {pinned ? 'Unpin' : 'Pin'}
        </Button>
        <Button
          variant="danger"
          aria-label={`Remove ${change}`}
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          <Trash2 aria-hidden size={13} /> Remove
        </Button>
      </div>
    </li>
  );
}

/** What providers' refusals taught the gateway. */
export function Learned() {
  usePageTitle('Learned');
  const query = useQuery(adaptationsQuery);
  const { data } = query;
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-[1080px] flex-col gap-4 px-(--gutter) py-6">
        <Panel title="Learned from refusals" flush aside={data && <span className="num">{data.length}</span>}>
          {query.isError && !data ? (
            <ErrorState error={query.error} what="What was learned" retry={() => void query.refetch()} />
          ) : !data ? (
            <SkeletonRows rows={3} height={84} />
          ) : data.length === 0 ? (
            <EmptyState icon={GraduationCap} title="Nothing had to be learned">
              When a provider refuses a request for its form, the gateway changes it, tries again, and keeps
              here for a day what worked.
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {data.map((one) => (
                <Row key={one.id} adaptation={one} />
              ))}
            </ul>
          )}
        </Panel>
        <p className="text-sm text-pretty text-text-3">
          Each is applied before a request is sent, told on the turn, and forgotten after a day unless pinned.
          Removing one has the provider asked as it was before; if it still refuses, it is learned again.
        </p>
      </div>
    </div>
  );
}
