import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Delivery } from '@vigiles/contract';
import { RotateCw, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { applyDelivery } from '../../data/apply-notifications.ts';
import { notificationQuery, removeNotification, retryDelivery } from '../../data/notification-queries.ts';
import { formatSpan } from '../../format/duration.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StateLabel } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { deliveryFace, noticeFace } from './faces.ts';

const roles = { first: '', reminder: 'reminder', escalation: 'escalation', test: 'test' } as const;

function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const client = useQueryClient();
  const now = useNow();
  const retry = useMutation({
    mutationFn: () => retryDelivery(delivery.id),
    onSuccess: (queued) => applyDelivery(client, queued),
    onError: (error) => void toast.error('It was not tried again', { description: error.message }),
  });
  const {
    channel,
    state,
    role,
    attempts,
    reason,
    answer,
    together,
    next_at: nextAt,
    finished_at: end,
  } = delivery;
  return (
    <li className="flex flex-col gap-1 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{channel}</span>
        {roles[role] && <Badge>{roles[role]}</Badge>}
        <StateLabel face={deliveryFace[state]} />
        <span className="ml-auto text-sm text-text-3">
          {nextAt === null ? <Ago ts={end} /> : nextAt > now ? `in ${formatSpan(nextAt - now)}` : 'now'}
        </span>
      </div>
      {reason && <p className="text-sm break-words text-text-2">{reason}</p>}
      {answer && <p className="font-mono text-xs break-words text-text-3">{answer}</p>}
      <div className="flex flex-wrap items-center gap-3 text-sm text-text-3">
        {attempts > 0 && <span className="num">{attempts === 1 ? '1 try' : `${attempts} tries`}</span>}
        {together > 1 && <span className="num">in a summary of {together}</span>}
        {(state === 'failed' || state === 'dropped' || (state === 'queued' && attempts > 0)) && (
          <Button
            disabled={retry.isPending}
            aria-label={`Send now to ${channel}`}
            onClick={() => retry.mutate()}
          >
            <RotateCw aria-hidden size={13} /> Send now
          </Button>
        )}
      </div>
    </li>
  );
}

/** One notification: all of its text, and what became of it on each channel. */
export function NotificationDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient();
  const query = useQuery(notificationQuery(id));
  const { data } = query;
  const remove = useMutation({
    mutationFn: () => removeNotification(id),
    onSuccess() {
      void client.invalidateQueries({ queryKey: ['notifications'] });
      toast('Forgotten');
      onClose();
    },
    onError: (error) => void toast.error('It was not removed', { description: error.message }),
  });
  const title = data?.title ?? 'Notification';
  return (
    <Drawer title={title} label={title} onClose={onClose}>
      {query.isError && !data ? (
        <ErrorState error={query.error} what="This notification" retry={() => void query.refetch()} />
      ) : !data ? (
        <SkeletonRows rows={4} />
      ) : (
        <>
          <div className="flex flex-col gap-3 p-4">
            <div className="flex flex-wrap items-center gap-3 text-sm">
              <StateLabel face={noticeFace(data)} />
              <Badge>{data.kind}</Badge>
              {data.service && <span className="text-text-2">{data.service}</span>}
              {data.fault && <code className="font-mono text-xs text-text-3">{data.fault}</code>}
              <Ago ts={data.created_at} className="ml-auto text-text-3" />
            </div>
            {data.title && <p className="font-medium break-words">{data.title}</p>}
            <p className="break-words whitespace-pre-wrap text-text-2">{data.message}</p>
            {data.incident_id && (
              <Link
                to="/incidents/$id"
                params={{ id: data.incident_id }}
                className="self-start text-sm text-accent hover:underline"
              >
                Open the incident
              </Link>
            )}
          </div>
          <h3 className="border-y border-line px-4 py-2 text-sm text-text-3">
            {data.deliveries.length === 0 ? 'No channel wanted it' : 'Channels'}
          </h3>
          <ul className="divide-y divide-line">
            {data.deliveries.map((delivery) => (
              <DeliveryRow key={delivery.id} delivery={delivery} />
            ))}
          </ul>
          <div className="flex justify-end border-t border-line p-4">
            <Button variant="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
              <Trash2 aria-hidden size={13} /> Forget it
            </Button>
          </div>
        </>
      )}
    </Drawer>
  );
}
