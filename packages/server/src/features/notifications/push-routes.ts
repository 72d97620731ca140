import { z } from 'zod';
import { fault, raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { plain } from './core/render.ts';
import { envelope } from './envelope.ts';
import type { NotificationRoutesDeps } from './routes.ts';

const base64url = (bytes: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+=*$/, 'must be base64url')
    .refine((text) => Buffer.from(text, 'base64url').length === bytes, `must be ${bytes} bytes`);

const common = { tag: 'notifications', tier: 'standard', audit: 'none' } as const;
const good = <T>(data: T) => ({ ok: true as const, data, error: null });

/** Browsers that want to be told: https://www.w3.org/TR/push-api/. */
export function pushRoutes({ notifications: { push } }: NotificationRoutesDeps): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/push',
      operationId: 'getPush',
      summary: 'The key browsers subscribe with, and which have',
      scope: 'read',
      success: envelope(
        z.object({
          public_key: z.string().nullable(),
          subscriptions: z.array(
            z.object({
              id: z.string(),
              label: z.string(),
              device_id: z.string(),
              /** Host of its push service. */
              service: z.string(),
              created_at: z.number(),
              last_ok_at: z.number().nullable(),
            }),
          ),
        }),
      ),
      faults: [],
      async handle() {
        const rows = await push.list();
        const subscriptions = rows.map(({ id, label, device_id, endpoint, created_at, last_ok_at }) => ({
          id,
          label,
          device_id,
          service: new URL(endpoint).host,
          created_at,
          last_ok_at,
        }));
        return good({ public_key: await push.publicKey(), subscriptions });
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications/push',
      operationId: 'subscribePush',
      summary: 'Tell this browser from now on',
      scope: 'read',
      audit: 'notification.subscribe',
      body: z.strictObject({
        endpoint: z.url({ protocol: /^https$/ }).max(1024),
        keys: z.strictObject({ p256dh: base64url(65), auth: base64url(16) }),
        label: z.string().max(100).default(''),
      }),
      success: envelope(z.object({ id: z.string() })),
      successStatus: 201,
      faults: [],
      handle: async ({ body: { label, ...subscription }, identity }) =>
        good({ id: await push.subscribe(subscription, identity.deviceId, plain(label, 100)) }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications/push/unsubscribe',
      operationId: 'unsubscribePush',
      summary: 'Do not tell a browser any more, by its id or endpoint',
      scope: 'read',
      audit: 'notification.unsubscribe',
      body: z.strictObject({ id: z.string().max(64).optional(), endpoint: z.string().max(1024).optional() }),
      success: envelope(z.object({ removed: z.literal(true) })),
      faults: ['subscription_not_found'],
      async handle({ body: { id, endpoint } }) {
        const removed = await push.unsubscribe(id ?? endpoint ?? '');
        if (!removed)
          raise(fault('not-found', 'subscription_not_found', 'This browser is not told anything.'));
        return good({ removed: true as const });
      },
    }),
  ];
}
