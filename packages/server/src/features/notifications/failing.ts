import type { Store } from '../../platform/store/index.ts';
import { notice, type Notice } from './core/notice.ts';
import type { NotificationTables } from './tables.ts';

/** Who says that a channel fails: also how it is found again, so that a restart does not say it anew. */
const speakerOf = (channel: string): string => `channel:${channel}`;

/**
 * What the others are told of a channel that does not get through; null where they know. An episode ends when it delivers
 * something: so two channels that both fail tell of each other once, and not in a circle.
 */
export async function failingNotice(
  store: Store,
  channel: string,
  reason: string,
  now: number,
): Promise<Notice | null> {
  const db = store.db<NotificationTables>();
  const told = await db
    .selectFrom('notification')
    .select('created_at')
    .where('kind', '=', 'system')
    .where('actor', '=', speakerOf(channel))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (told) {
    const since = await db
      .selectFrom('notification_delivery')
      .select('id')
      .where('channel', '=', channel)
      .where('state', '=', 'delivered')
      .where('finished_at', '>', told.created_at)
      .limit(1)
      .executeTakeFirst();
    if (!since) return null;
  }
  return notice({
    kind: 'system',
    severity: 'warning',
    title: `The channel ${channel} does not get through`,
    message: reason,
    actor: speakerOf(channel),
    at: now,
  });
}
