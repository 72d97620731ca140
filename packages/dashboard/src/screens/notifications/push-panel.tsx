import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { pushQuery, subscribePush, unsubscribePush } from '../../data/notification-queries.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Ago } from '../../ui/time.tsx';

const possible = (): boolean =>
  'serviceWorker' in navigator &&
  'PushManager' in window &&
  'Notification' in window &&
  window.isSecureContext;

const current = async (): Promise<PushSubscription | null> => {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
};

/** What a person recognises a browser by. */
function browserName(): string {
  const agent = navigator.userAgent;
  const browser = /Firefox|Edg|OPR|Chrome|Safari/.exec(agent)?.[0] ?? 'Browser';
  const system = /Windows|Mac OS|Android|iPhone|iPad|Linux/.exec(agent)?.[0] ?? '';
  return `${browser === 'Edg' ? 'Edge' : browser}${system ? ` on ${system}` : ''}`;
}

async function subscribe(publicKey: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new Error('The browser was told not to show notifications of this page.');
  }
  const registration = await navigator.serviceWorker.register('/push-worker.js');
  await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  await subscribePush(subscription.toJSON(), browserName());
}

async function unsubscribe(): Promise<void> {
  const subscription = await current();
  if (!subscription) return;
  await unsubscribePush({ endpoint: subscription.endpoint }).catch(() => {});
  await subscription.unsubscribe();
}

/** Lets this browser be told, and shows which are. */
export function PushPanel() {
  const client = useQueryClient();
  const query = useQuery(pushQuery);
  const mine = useQuery({
    queryKey: ['push-here'],
    queryFn: () => (possible() ? current() : null),
    staleTime: 0,
  });
  const done = (): void => {
    void client.invalidateQueries({ queryKey: ['push'] });
    void client.invalidateQueries({ queryKey: ['push-here'] });
  };
  const change = useMutation({
    mutationFn: async (on: boolean) => (on ? subscribe(query.data?.public_key ?? '') : unsubscribe()),
    onSuccess(_, on) {
      toast(on ? 'This browser is told from now on' : 'This browser is not told any more');
      done();
    },
    onError: (error) => void toast.error('It was not changed', { description: error.message }),
  });
  const forget = useMutation({ mutationFn: (id: string) => unsubscribePush({ id }), onSettled: done });
  const rows = query.data?.subscriptions ?? [];
  const on = Boolean(mine.data);
  return (
    <Panel
      title="Browsers"
      aside={
        possible() &&
        query.data?.public_key && (
          <Button disabled={change.isPending} onClick={() => change.mutate(!on)}>
            {on ? 'Do not tell this browser' : 'Tell this browser'}
          </Button>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="text-pretty text-text-2">
          {!possible()
            ? 'This browser cannot be told: it needs push, over https or on this machine.'
            : query.data && !query.data.public_key
              ? 'The keys that push needs cannot be kept here.'
              : 'No browser has asked to be told. It needs a channel of type webpush as well.'}
        </p>
      ) : (
        <ul className="flex flex-col gap-2">
          {rows.map(({ id, label, service, last_ok_at: last, created_at: created }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="font-medium">{label || 'Browser'}</span>
              <span className="text-sm text-text-3">
                by {service}, {last === null ? 'asked' : 'told'} <Ago ts={last ?? created} />
              </span>
              <Button
                variant="ghost"
                className="ml-auto"
                aria-label={`Forget ${label || 'this browser'}`}
                disabled={forget.isPending}
                onClick={() => forget.mutate(id)}
              >
                Forget
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
