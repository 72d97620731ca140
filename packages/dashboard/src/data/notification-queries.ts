import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ChannelHealth, DeadmanState, Delivery, Notification } from '@vigiles/contract';
import { api, withQuery } from './api.ts';

/** The envelope of this part of the API. */
interface Envelope<T> {
  ok: true;
  data: T;
}

const base = '/api/v1/notifications';
const PAGE = 50;

export interface NotificationFilter {
  query?: string | undefined;
  severity?: string | undefined;
  state?: string | undefined;
  channel?: string | undefined;
}

export interface NotificationPage {
  notifications: Notification[];
  total: number;
  offset: number;
}

export const notificationsQuery = (filter: NotificationFilter) =>
  infiniteQueryOptions({
    queryKey: ['notifications', filter],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) =>
      (
        await api.get<Envelope<NotificationPage>>(
          `${base}/search`,
          { ...filter, limit: PAGE, offset: pageParam },
          signal,
        )
      ).data,
    getNextPageParam: ({ offset, notifications, total }) =>
      offset + notifications.length < total && notifications.length > 0
        ? offset + notifications.length
        : null,
  });

export const notificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['notification', id],
    queryFn: async ({ signal }) =>
      (await api.get<Envelope<Notification>>(`${base}/${encodeURIComponent(id)}`, {}, signal)).data,
  });

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) =>
    (
      await api.get<Envelope<{ channels: ChannelHealth[]; deadman: DeadmanState }>>(
        `${base}/channels`,
        {},
        signal,
      )
    ).data,
  refetchInterval: 30_000,
});

/** A part of a JSON Schema, as far as a form needs it. */
export interface SchemaNode {
  type?: string;
  description?: string;
  enum?: string[];
  const?: string;
  default?: unknown;
  secret?: boolean;
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  required?: string[];
}

export interface ChannelType {
  type: string;
  title: string;
  schema: SchemaNode;
}

export const channelTypesQuery = queryOptions({
  queryKey: ['channel-types'],
  queryFn: async ({ signal }) =>
    (await api.get<Envelope<{ types: ChannelType[] }>>(`${base}/channel-types`, {}, signal)).data.types,
  staleTime: Number.POSITIVE_INFINITY,
});

export interface PushAnswer {
  public_key: string | null;
  subscriptions: {
    id: string;
    label: string;
    device_id: string;
    service: string;
    created_at: number;
    last_ok_at: number | null;
  }[];
}

export const pushQuery = queryOptions({
  queryKey: ['push'],
  queryFn: async ({ signal }) => (await api.get<Envelope<PushAnswer>>(`${base}/push`, {}, signal)).data,
});

export const subscribePush = (subscription: PushSubscriptionJSON, label: string): Promise<unknown> =>
  api.post(`${base}/push`, { endpoint: subscription.endpoint, keys: subscription.keys, label });

export const unsubscribePush = (ask: { id?: string; endpoint?: string }): Promise<unknown> =>
  api.post(`${base}/push/unsubscribe`, ask);

export const testChannel = async (name: string): Promise<Delivery> =>
  (await api.post<Envelope<Delivery>>(`${base}/channels/${encodeURIComponent(name)}/test`)).data;

export const retryDelivery = async (id: string): Promise<Delivery> =>
  (await api.post<Envelope<Delivery>>(`${base}/deliveries/${encodeURIComponent(id)}/retry`)).data;

export const removeNotification = (id: string): Promise<unknown> =>
  api.remove(`${base}/${encodeURIComponent(id)}`);

/** Forgets what is older than so many days; what still waits to be sent stays. Resolves with how many. */
export const clearNotifications = async (days: number): Promise<number> =>
  (await api.post<Envelope<{ cleared: number }>>(`${base}/clear`, { days })).data.cleared;

/** The history as filtered, for a file. */
export const exportNotifications = async (
  filter: NotificationFilter,
  format: string,
): Promise<{ content: string; filename: string }> =>
  (
    await api.get<Envelope<{ content: string; filename: string }>>(
      withQuery(`${base}/export`, { ...filter, format, limit: 10_000 }),
    )
  ).data;
