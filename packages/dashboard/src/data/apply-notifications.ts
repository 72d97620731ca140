import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Delivery, Notification } from '@vigiles/contract';
import { matchesNotification, withDelivery } from '../live/patch-notifications.ts';
import type { NotificationPage } from './notification-queries.ts';

type Pages = InfiniteData<NotificationPage>;

/** A new notification at the head of every cached list it fits. */
export function applyNotification(client: QueryClient, notification: Notification): void {
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: ['notifications'] })) {
    const [first, ...rest] = data?.pages ?? [];
    if (!data || !first || !matchesNotification(notification, key[1] ?? {})) continue;
    if (first.notifications.some(({ id }) => id === notification.id)) continue;
    const notifications = [notification, ...first.notifications];
    client.setQueryData<Pages>(key, {
      ...data,
      pages: [{ ...first, notifications, total: first.total + 1 }, ...rest],
    });
  }
}

let refreshing = false;

/** What became of a delivery, wherever it is shown. */
export function applyDelivery(client: QueryClient, delivery: Delivery): void {
  client.setQueryData<Notification>(
    ['notification', delivery.notification_id],
    (known) => known && withDelivery(known, delivery),
  );
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: ['notifications'] })) {
    if (!data) continue;
    client.setQueryData<Pages>(key, {
      ...data,
      pages: data.pages.map((page) => withDeliveryOn(page, delivery)),
    });
  }
  // Health is counted on the server; a burst of deliveries asks once.
  if (refreshing) return;
  refreshing = true;
  setTimeout(() => {
    refreshing = false;
    void client.invalidateQueries({ queryKey: ['channels'] });
  }, 500);
}

function withDeliveryOn(page: NotificationPage, delivery: Delivery): NotificationPage {
  const at = page.notifications.findIndex(({ id }) => id === delivery.notification_id);
  const found = page.notifications[at];
  if (!found) return page;
  return { ...page, notifications: page.notifications.with(at, withDelivery(found, delivery)) };
}
