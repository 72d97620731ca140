import { sql } from 'kysely';
import type { ChannelConfig, ChannelHealth, VigilesConfig } from '@vigiles/contract';
import type { Store } from '../../platform/store/index.ts';
import { quietNow, spansOf } from './core/quiet.ts';
import { blot, definitionOf, prepare } from './configured-channels.ts';
import type { NotificationTables } from './tables.ts';

const dayMs = 86_400_000;

export interface HealthDeps {
  store: Store;
  config(): VigilesConfig;
  resolve(text: string): string;
  now(): number;
}

/** How each configured channel does: from what became of its deliveries, and whether it could work at all. */
export async function channelHealth({ store, config, resolve, now }: HealthDeps): Promise<ChannelHealth[]> {
  const db = store.db<NotificationTables>();
  const at = now();
  const counts = await db
    .selectFrom('notification_delivery')
    .select(['channel', 'state', ({ fn }) => fn.countAll<number>().as('count')])
    .where((where) =>
      where.or([where('state', 'in', ['queued', 'sending']), where('finished_at', '>', at - dayMs)]),
    )
    .groupBy(['channel', 'state'])
    .execute();
  const lasts = await db
    .selectFrom('notification_delivery')
    .select([
      'channel',
      sql<number | null>`max(case when state = 'delivered' then finished_at end)`.as('delivered'),
    ])
    .groupBy('channel')
    .execute();
  const { channels, quiet_hours: spans } = config().notifications;
  return Promise.all(
    channels.map(async (channel) => {
      const count = (...states: string[]) =>
        counts
          .filter((row) => row.channel === channel.name && states.includes(row.state))
          .reduce((sum, row) => sum + row.count, 0);
      // The last trouble: what failed, or what waits for another try.
      const trouble = await db
        .selectFrom('notification_delivery')
        .select(['reason', 'answer', 'finished_at', 'next_at', 'created_at'])
        .where('channel', '=', channel.name)
        .where((where) =>
          where.or([
            where('state', '=', 'failed'),
            where.and([where('state', '=', 'queued'), where('attempts', '>', 0)]),
          ]),
        )
        .orderBy(sql`coalesce(finished_at, next_at)`, 'desc')
        .limit(1)
        .executeTakeFirst();
      const lastDelivered = lasts.find((row) => row.channel === channel.name)?.delivered ?? null;
      const errorAt = trouble ? Math.min(at, trouble.finished_at ?? trouble.created_at) : null;
      const problem = problemOf(channel, resolve);
      const failing = trouble !== undefined && errorAt !== null && errorAt >= (lastDelivered ?? 0);
      const quiet = quietNow(spansOf(channel, spans), false, at);
      return {
        name: channel.name,
        type: channel.type,
        title: definitionOf(channel).title,
        target: targetOf(channel, resolve),
        enabled: channel.enabled,
        health: !channel.enabled
          ? ('off' as const)
          : problem !== null
            ? ('broken' as const)
            : failing
              ? ('failing' as const)
              : lastDelivered === null
                ? ('untested' as const)
                : ('ok' as const),
        problem,
        queued: count('queued', 'sending'),
        delivered_24h: count('delivered'),
        failed_24h: count('failed'),
        dropped_24h: count('dropped'),
        last_delivered_at: lastDelivered,
        last_error:
          trouble && errorAt !== null
            ? { at: errorAt, reason: trouble.reason, answer: trouble.answer }
            : null,
        quiet_until: quiet?.until ?? null,
      };
    }),
  );
}

function problemOf(channel: ChannelConfig, resolve: (text: string) => string): string | null {
  const ready = prepare(channel, resolve);
  return typeof ready === 'string' ? ready : null;
}

/** Where it leads. What a reference stands for is not shown, unless the channel says so itself. */
function targetOf(channel: ChannelConfig, resolve: (text: string) => string): string {
  const ready = prepare(channel, resolve);
  return typeof ready === 'string' ? '' : blot(definitionOf(channel).target(ready.config), ready.secrets);
}
