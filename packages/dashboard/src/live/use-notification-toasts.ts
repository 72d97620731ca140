import { useEffect } from 'react';
import type { Notification } from '@vigiles/contract';
import { useNavigate } from '@tanstack/react-router';
import { toast } from 'sonner';
import { withNames } from './actor-names.ts';
import { eventStore } from './live.ts';
import { is } from './patch.ts';

/** What comes late, after a pause, is read in the history. */
const FRESH_MS = 30_000;
/** More at once are one toast. */
const MOST = 3;

const say = {
  info: toast.info,
  success: toast.success,
  warning: toast.warning,
  error: toast.error,
  progress: toast,
};

/** Shows new notifications while the dashboard is open, each where it leads. */
export function useNotificationToasts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const open = (notification: Notification): void => {
      if (notification.incident_id)
        void navigate({ to: '/incidents/$id', params: { id: notification.incident_id } });
      else void navigate({ to: '/notifications', search: { id: notification.id } });
    };
    return eventStore.onBatch((batch) => {
      const fresh = batch.flatMap((event) =>
        is(event, 'notification.created') && Date.now() - event.ts < FRESH_MS
          ? [event.data.notification]
          : [],
      );
      if (fresh.length > MOST) {
        toast.warning(`${fresh.length} notifications`, {
          action: { label: 'Show', onClick: () => void navigate({ to: '/notifications', search: {} }) },
        });
        return;
      }
      for (const each of fresh) {
        say[each.type](each.title ?? each.message, {
          id: each.incident_id ?? each.id,
          ...(each.title === null || each.message === ''
            ? {}
            : { description: withNames(each.message.slice(0, 300)) }),
          duration: each.sticky ? Number.POSITIVE_INFINITY : Math.max(1000, each.duration_ms),
          closeButton: true,
          action: { label: 'Open', onClick: () => open(each) },
        });
      }
    });
  }, [navigate]);
}
