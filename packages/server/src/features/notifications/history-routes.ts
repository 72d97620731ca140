import { z } from 'zod';
import {
  Delivery,
  DeliveryState,
  Notification,
  NoticeKind,
  NoticeSeverity,
  NotificationType,
} from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { exportHistory } from './core/export.ts';
import { notice } from './core/notice.ts';
import { envelope } from './envelope.ts';
import type { NotificationRoutesDeps } from './routes.ts';

/** UTC ms, or an ISO date or date and time. */
const Moment = z
  .string()
  .transform((text) => (/^\d{10,14}$/.test(text) ? Number(text) : Date.parse(text)))
  .refine((at) => Number.isFinite(at), 'must be an ISO 8601 date, or UTC milliseconds')
  .meta({ description: 'ISO 8601, or UTC milliseconds.' });

const filter = {
  query: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Part of the title, the message or the service.' }),
  type: NotificationType.optional(),
  kind: NoticeKind.optional(),
  severity: NoticeSeverity.optional(),
  service: z.string().max(64).optional(),
  channel: z.string().max(64).optional().meta({ description: 'Only what went to this channel.' }),
  state: DeliveryState.optional().meta({ description: 'Only what is in this state on a channel.' }),
  start_date: Moment.optional(),
  end_date: Moment.optional(),
};
const page = (limit: number, most: number) => ({
  limit: z.coerce.number().int().min(1).max(most).default(limit),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

type Asked = { start_date?: number | undefined; end_date?: number | undefined };
const spanOf = <T extends Asked>({ start_date: since, end_date: until, ...rest }: T) => ({
  ...rest,
  since,
  until,
});

const Id = z.object({ id: z.string().max(64) });
const Page = envelope(
  z.object({
    notifications: z.array(Notification),
    total: z.number(),
    limit: z.number(),
    offset: z.number(),
  }),
);
const common = { tag: 'notifications', tier: 'standard', scope: 'read', audit: 'none' } as const;
const good = <T>(data: T) => ({ ok: true as const, data, error: null });
const missing = (id: string) =>
  fault('not-found', 'notification_not_found', `There is no notification “${id}”.`);

/** The history: list, search, save, delete, clear, export, stats. The envelope is `{ok, data, error}`. */
export function historyRoutes({ notifications, clock, redact }: NotificationRoutesDeps): Route[] {
  const { history } = notifications;
  const listed = async (asked: Parameters<typeof history.list>[0]) => {
    const { entries, total } = await history.list(asked);
    return good({ notifications: entries, total, limit: asked.limit, offset: asked.offset });
  };
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications',
      operationId: 'listNotifications',
      summary: 'What people were told, newest first, with what became of it on each channel',
      tier: 'light',
      query: z.object({ ...filter, ...page(20, 500) }),
      success: Page,
      faults: [],
      handle: async ({ query }) => listed(spanOf(query)),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/search',
      operationId: 'searchNotifications',
      summary: 'The same, found by text, type and time',
      query: z.object({ ...filter, ...page(50, 500) }),
      success: Page,
      faults: [],
      handle: async ({ query }) => listed(spanOf(query)),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/stats',
      operationId: 'getNotificationStats',
      summary: 'How many there are, by type',
      tier: 'light',
      success: envelope(z.object({ total: z.number(), by_type: z.record(z.string(), z.number()) })),
      faults: [],
      handle: async () => good(await history.stats()),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/export',
      operationId: 'exportNotifications',
      summary: 'The history as JSON, CSV or Markdown, as filtered',
      query: z.object({
        ...filter,
        format: z.enum(['json', 'csv', 'markdown']).default('json'),
        limit: z.coerce.number().int().min(1).max(10_000).default(500),
      }),
      success: envelope(
        z.object({ format: z.enum(['json', 'csv', 'markdown']), content: z.string(), filename: z.string() }),
      ),
      faults: [],
      async handle({ query: { format, ...asked } }) {
        const { entries } = await history.list({ ...spanOf(asked), offset: 0 });
        return good(exportHistory(entries, format, clock.now()));
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications',
      operationId: 'saveNotification',
      summary: 'Say something: it is kept, shown in the dashboard, and told on channels that take messages',
      scope: 'operate',
      audit: 'notification.save',
      body: z.strictObject({
        type: NotificationType.default('info'),
        title: z.string().max(500).nullable().optional(),
        message: z.string().min(1).max(8000),
        duration_ms: z.int().min(0).max(86_400_000).default(5000),
        sticky: z.boolean().default(false),
        service: z.string().max(64).optional(),
      }),
      success: envelope(z.object({ id: z.string(), notification: Notification })),
      successStatus: 201,
      faults: [],
      async handle({ body, identity }) {
        const severity = body.type === 'error' ? 'critical' : body.type === 'warning' ? 'warning' : 'info';
        const said = {
          ...notice({
            kind: 'message',
            severity,
            title: redact(body.title ?? ''),
            message: redact(body.message),
            actor: `device:${identity.deviceId}`,
            at: clock.now(),
            service: body.service ?? null,
          }),
          type: body.type,
        };
        const id = await notifications.tell(said, { durationMs: body.duration_ms, sticky: body.sticky });
        const notification = (await history.byId(id)) ?? raise(missing(id));
        return good({ id, notification });
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications/clear',
      operationId: 'clearNotifications',
      summary: 'Forget what is older than some days; what still waits to be sent stays',
      scope: 'operate',
      audit: 'notification.clear',
      body: z.strictObject({ days: z.number().min(0).max(3650).default(30) }).default({ days: 30 }),
      success: envelope(z.object({ cleared: z.number() })),
      faults: [],
      handle: async ({ body, signal }) =>
        good({ cleared: await history.clear(clock.now() - body.days * 86_400_000, clock.now(), signal) }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/:id',
      operationId: 'getNotification',
      summary: 'One entry of the history',
      tier: 'light',
      params: Id,
      success: envelope(Notification),
      faults: ['notification_not_found'],
      handle: async ({ params }) => good((await history.byId(params.id)) ?? raise(missing(params.id))),
    }),
    defineRoute({
      ...common,
      method: 'DELETE',
      path: '/api/v1/notifications/:id',
      operationId: 'deleteNotification',
      summary: 'Forget one entry, and do not send what of it still waits',
      scope: 'operate',
      audit: 'notification.delete',
      params: Id,
      success: envelope(z.object({ id: z.string() })),
      faults: ['notification_not_found'],
      async handle({ params: { id } }) {
        if (!(await history.remove(id))) raise(missing(id));
        return good({ id });
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications/deliveries/:id/retry',
      operationId: 'retryDelivery',
      summary: 'Try a delivery again now',
      scope: 'operate',
      audit: 'notification.retry',
      params: Id,
      success: envelope(Delivery),
      successStatus: 202,
      faults: ['delivery_not_found'],
      async handle({ params }) {
        const found = await notifications.retry(params.id);
        return good(found.ok ? found.value : raise(found.fault));
      },
    }),
  ];
}
