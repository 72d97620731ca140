import { sql } from 'kysely';
import type { Notification } from '@vigiles/contract';
import type { Store } from '../../platform/store/index.ts';
import { notificationOf, type DeliveryRow, type NotificationTables } from './tables.ts';

export interface HistoryFilter {
  query?: string | undefined;
  type?: Notification['type'] | undefined;
  kind?: Notification['kind'] | undefined;
  severity?: Notification['severity'] | undefined;
  service?: string | undefined;
  channel?: string | undefined;
  state?: DeliveryRow['state'] | undefined;
  /** Not before, and before; UTC ms. */
  since?: number | undefined;
  until?: number | undefined;
  limit: number;
  offset: number;
}

/** Rows are deleted in portions, so that nobody waits for them. */
const portion = 500;

/** Reading and clearing the history. */
export function createHistoryStore(store: Store) {
  const db = store.db<NotificationTables>();

  function filtered(filter: Omit<HistoryFilter, 'limit' | 'offset'>) {
    let query = db.selectFrom('notification');
    const { query: text, type, kind, severity, service, channel, state, since, until } = filter;
    if (text !== undefined && text !== '') {
      const like = `%${text.toLowerCase().replaceAll(/[\\%_]/g, (mark) => `\\${mark}`)}%`;
      const within = (column: 'title' | 'message' | 'service') =>
        sql<boolean>`lower(coalesce(${sql.ref(column)}, '')) like ${like} escape '\\'`;
      query = query.where((where) => where.or([within('title'), within('message'), within('service')]));
    }
    if (type !== undefined) query = query.where('type', '=', type);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (severity !== undefined) query = query.where('severity', '=', severity);
    if (service !== undefined) query = query.where('service', '=', service);
    if (since !== undefined) query = query.where('created_at', '>=', since);
    if (until !== undefined) query = query.where('created_at', '<', until);
    if (channel !== undefined || state !== undefined) {
      query = query.where(({ exists, selectFrom }) => {
        let deliveries = selectFrom('notification_delivery')
          .select('notification_delivery.id')
          .whereRef('notification_delivery.notification_id', '=', 'notification.id');
        if (channel !== undefined) deliveries = deliveries.where('channel', '=', channel);
        if (state !== undefined) deliveries = deliveries.where('state', '=', state);
        return exists(deliveries);
      });
    }
    return query;
  }

  async function withDeliveries(rows: Parameters<typeof notificationOf>[0][]): Promise<Notification[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const deliveries = await db
      .selectFrom('notification_delivery')
      .selectAll()
      .where('notification_id', 'in', ids)
      .orderBy('channel')
      .orderBy('created_at')
      .execute();
    const of = Map.groupBy(deliveries, ({ notification_id: id }) => id);
    return rows.map((row) => notificationOf(row, of.get(row.id) ?? []));
  }

  return {
    /** Newest first, and how many there are in all. */
    async list({
      limit,
      offset,
      ...filter
    }: HistoryFilter): Promise<{ entries: Notification[]; total: number }> {
      const { total } = await filtered(filter)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await filtered(filter)
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { entries: await withDeliveries(rows), total };
    },

    async byId(id: string): Promise<Notification | null> {
      const row = await db.selectFrom('notification').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? ((await withDeliveries([row]))[0] ?? null) : null;
    },

    /** One entry with its deliveries; false where there is none. */
    async remove(id: string): Promise<boolean> {
      const done = await db.deleteFrom('notification').where('id', '=', id).executeTakeFirst();
      return done.numDeletedRows > 0n;
    },

    /** Forgets what is older, except what still waits to be sent. Resolves with how many. */
    async clear(before: number, now: number, signal?: AbortSignal): Promise<number> {
      let cleared = 0;
      for (;;) {
        const ids = await db
          .selectFrom('notification')
          .select('id')
          .where('created_at', '<', before)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('notification_delivery')
                  .select('notification_delivery.id')
                  .whereRef('notification_delivery.notification_id', '=', 'notification.id')
                  .where('state', 'in', ['queued', 'sending']),
              ),
            ),
          )
          .limit(portion)
          .execute();
        if (ids.length === 0) break;
        await db
          .deleteFrom('notification')
          .where(
            'id',
            'in',
            ids.map(({ id }) => id),
          )
          .execute();
        cleared += ids.length;
        if (ids.length < portion || signal?.aborted) break;
      }
      // A story that is over is needed until it could come back; a day is plenty.
      await db
        .deleteFrom('notification_thread')
        .where('phase', '=', 'resolved')
        .where('opened_at', '<', Math.min(before, now - 86_400_000))
        .execute();
      return cleared;
    },

    async stats(): Promise<{ total: number; by_type: Record<string, number> }> {
      const rows = await db
        .selectFrom('notification')
        .select(['type', ({ fn }) => fn.countAll<number>().as('count')])
        .groupBy('type')
        .execute();
      const byType = Object.fromEntries(rows.map(({ type, count }) => [type, count]));
      return { total: Object.values(byType).reduce((sum, count) => sum + count, 0), by_type: byType };
    },
  };
}

export type HistoryStore = ReturnType<typeof createHistoryStore>;
