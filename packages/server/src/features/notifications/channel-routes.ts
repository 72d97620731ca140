import { z } from 'zod';
import { ChannelConfig, ChannelHealth, DeadmanState, Delivery } from '@vigiles/contract';
import { raise } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import { channels as registry } from './channels/registry.gen.ts';
import { envelope } from './envelope.ts';
import type { NotificationRoutesDeps } from './routes.ts';

const common = { tag: 'notifications', tier: 'standard', scope: 'read', audit: 'none' } as const;
const good = <T>(data: T) => ({ ok: true as const, data, error: null });

/** The JSON Schema of each type, as people write it: a form can be drawn from it. Secret fields are marked `secret`. */
const typeSchemas = () =>
  Object.values(registry).map(({ type, title }) => {
    const option = ChannelConfig.options.find(({ shape }) => shape.type.value === type);
    return { type, title, schema: option ? z.toJSONSchema(option, { io: 'input' }) : {} };
  });

/** Channels: how they do, which types there are, and a test of one. */
export function channelRoutes({ notifications, deadman }: NotificationRoutesDeps): Route[] {
  let types: ReturnType<typeof typeSchemas> | null = null;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/channels',
      operationId: 'listChannels',
      summary: 'The configured channels and how each does; and the sign of life of Vigiles itself',
      success: envelope(z.object({ channels: z.array(ChannelHealth), deadman: DeadmanState })),
      faults: [],
      handle: async () => good({ channels: await notifications.health(), deadman: deadman.state() }),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: '/api/v1/notifications/channel-types',
      operationId: 'listChannelTypes',
      summary: 'Every type of channel with the JSON Schema of its configuration',
      success: envelope(
        z.object({
          types: z.array(
            z.object({ type: z.string(), title: z.string(), schema: z.record(z.string(), z.unknown()) }),
          ),
        }),
      ),
      faults: [],
      handle: async () => good({ types: (types ??= typeSchemas()) as never }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: '/api/v1/notifications/channels/:name/test',
      operationId: 'testChannel',
      summary: 'Send a test now and wait for what becomes of it',
      scope: 'operate',
      audit: 'notification.test',
      tier: 'heavy',
      params: z.object({ name: z.string().max(64) }),
      success: envelope(Delivery),
      faults: ['channel_not_found', 'channel_off', 'channel_slow'],
      async handle({ params, identity, signal }) {
        const tested = await notifications.test(params.name, `device:${identity.deviceId}`, signal);
        return good(tested.ok ? tested.value : raise(tested.fault));
      },
    }),
  ];
}
