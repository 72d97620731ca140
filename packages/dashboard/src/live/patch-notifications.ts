import type { Delivery, Notification } from '@vigiles/contract';

/** A notification with one of its deliveries as it is now; the same object where nothing is new. */
export function withDelivery(notification: Notification, delivery: Delivery): Notification {
  if (notification.id !== delivery.notification_id) return notification;
  const at = notification.deliveries.findIndex(({ id }) => id === delivery.id);
  const deliveries =
    at < 0 ? [...notification.deliveries, delivery] : notification.deliveries.with(at, delivery);
  return { ...notification, deliveries };
}

/** Whether a list with this filter shows it, as far as can be told here; text is left to the server. */
export function matchesNotification(
  notification: Notification,
  {
    query,
    severity,
    state,
    channel,
  }: {
    query?: string | undefined;
    severity?: string | undefined;
    state?: string | undefined;
    channel?: string | undefined;
  },
): boolean {
  if (query) return false;
  if (severity && notification.severity !== severity) return false;
  if (!state && !channel) return true;
  return notification.deliveries.some(
    (delivery) => (!state || delivery.state === state) && (!channel || delivery.channel === channel),
  );
}
