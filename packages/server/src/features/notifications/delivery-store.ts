import type { ChannelConfig, Delivery } from '@vigiles/contract';
import type { EventLog } from '../../platform/event-log/index.ts';
import type { Store } from '../../platform/store/index.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { Waiting } from './core/batch.ts';
import type { Notice } from './core/notice.ts';
import { settle, type Tx } from './outbox.ts';
import { deliveryOf, noticeOfRow, type DeliveryRow, type NotificationTables } from './tables.ts';

/** A claimed delivery with its notice. */
export interface Pending extends Waiting {
  attempts: number;
  notice: Notice;
}

/** What waits for one channel is looked at in portions of this size; a summary speaks for the rest all the same. */
const portion = 500;

/** The only SQL about what waits. Whoever changes the state of a delivery does it here. */
export function createDeliveryStore({
  store,
  events,
  newId,
}: {
  store: Store;
  events: EventLog;
  newId: NewId;
}) {
  const db = store.db<NotificationTables>();
  const transaction = <R>(work: (tx: Tx) => Promise<R>): Promise<R> =>
    events.transaction<NotificationTables, R>(work);

  const waitingOf = (row: DeliveryRow & Pick<Notice, 'phase' | 'severity'>): Waiting => ({
    id: row.id,
    role: row.role,
    phase: row.phase,
    severity: row.severity,
    incidentId: row.incident_id,
    createdAt: row.created_at,
    nextAt: row.next_at ?? 0,
  });

  /** Ends deliveries this store has claimed; others may have taken over what took too long. */
  async function end(
    tx: Tx,
    ids: readonly string[],
    change: { state: 'delivered' | 'failed'; reason: string; answer: string; together: number },
    now: number,
  ): Promise<void> {
    const rows = await tx.db
      .updateTable('notification_delivery')
      .set((column) => ({
        ...change,
        attempts: column('attempts', '+', 1),
        next_at: null,
        finished_at: now,
        claimed_by: null,
        claimed_until: null,
      }))
      .where('id', 'in', [...ids])
      .where('claimed_by', '=', store.instance)
      .returningAll()
      .execute();
    for (const row of rows) settle(tx, row);
  }

  return {
    async channelsWithWork(): Promise<string[]> {
      const rows = await db
        .selectFrom('notification_delivery')
        .select('channel')
        .distinct()
        .where('state', 'in', ['queued', 'sending'])
        .execute();
      return rows.map(({ channel }) => channel);
    },

    async waiting(channel: string): Promise<Waiting[]> {
      const rows = await db
        .selectFrom('notification_delivery')
        .innerJoin('notification', 'notification.id', 'notification_delivery.notification_id')
        .selectAll('notification_delivery')
        .select(['notification.phase', 'notification.severity'])
        .where('notification_delivery.channel', '=', channel)
        .where('notification_delivery.state', '=', 'queued')
        .orderBy('notification_delivery.next_at')
        .limit(portion)
        .execute();
      return rows.map(waitingOf);
    },

    /** Incidents among these of which the channel heard already, or may have. */
    async told(channel: string, waiting: readonly Waiting[]): Promise<Set<string>> {
      const incidents = [...new Set(waiting.flatMap(({ incidentId }) => incidentId ?? []))];
      if (incidents.length === 0) return new Set();
      const rows = await db
        .selectFrom('notification_delivery')
        .select('incident_id')
        .distinct()
        .where('channel', '=', channel)
        .where('incident_id', 'in', incidents)
        .where((where) =>
          where.or([where('state', 'in', ['delivered', 'sending', 'failed']), where('attempts', '>', 0)]),
        )
        .execute();
      return new Set(rows.flatMap(({ incident_id: id }) => id ?? []));
    },

    /** Takes deliveries for sending; those that somebody else has taken meanwhile are left out. */
    async claim(ids: readonly string[], until: number): Promise<Pending[]> {
      return transaction(async (tx) => {
        const rows = await tx.db
          .updateTable('notification_delivery')
          .set({ state: 'sending', claimed_by: store.instance, claimed_until: until })
          .where('id', 'in', [...ids])
          .where('state', '=', 'queued')
          .returningAll()
          .execute();
        if (rows.length === 0) return [];
        const notices = await tx.db
          .selectFrom('notification')
          .selectAll()
          .where(
            'id',
            'in',
            rows.map((row) => row.notification_id),
          )
          .execute();
        const byId = new Map(notices.map((row) => [row.id, noticeOfRow(row)]));
        return rows
          .flatMap((row) => {
            const notice = byId.get(row.notification_id);
            if (!notice) return [];
            const { phase, severity } = notice;
            return [{ ...waitingOf({ ...row, phase, severity }), attempts: row.attempts, notice }];
          })
          .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      });
    },

    /** What this machine had begun when it was killed: nobody knows whether it arrived, so it is sent again. */
    async releaseOurs(now: number): Promise<void> {
      await db
        .updateTable('notification_delivery')
        .set({
          state: 'queued',
          next_at: now,
          reason: 'Vigiles was stopped while it was sent',
          claimed_by: null,
          claimed_until: null,
        })
        .where('state', '=', 'sending')
        // On PostgreSQL another control may be sending it right now.
        .$if(store.dialect === 'postgres', (query) => query.where('claimed_until', '<', now))
        .execute();
    },

    /** What was begun is not gone on with: nobody knows whether it arrived, so it is sent again. */
    async release(claimed: readonly Pending[], now: number): Promise<void> {
      await db
        .updateTable('notification_delivery')
        .set({
          state: 'queued',
          next_at: now,
          reason: 'Vigiles was stopped while it was sent',
          claimed_by: null,
          claimed_until: null,
        })
        .where(
          'id',
          'in',
          claimed.map(({ id }) => id),
        )
        .where('claimed_by', '=', store.instance)
        .execute();
    },

    async releaseExpired(channel: string, now: number): Promise<void> {
      await db
        .updateTable('notification_delivery')
        .set({
          state: 'queued',
          next_at: now,
          reason: 'it was not finished in time',
          claimed_by: null,
          claimed_until: null,
        })
        .where('channel', '=', channel)
        .where('state', '=', 'sending')
        .where('claimed_until', '<', now)
        .execute();
    },

    async delivered(
      channel: ChannelConfig,
      claimed: readonly Pending[],
      answer: string,
      now: number,
    ): Promise<void> {
      const ids = claimed.map(({ id }) => id);
      await transaction(async (tx) => {
        await end(tx, ids, { state: 'delivered', reason: '', answer, together: claimed.length }, now);
        if (channel.repeat_every_s === undefined) return;
        const nextAt = now + channel.repeat_every_s * 1000;
        for (const { notice, role } of claimed) await remind(tx, channel.name, notice, role, nextAt, now);
      });
    },

    async failed(claimed: readonly Pending[], reason: string, answer: string, now: number): Promise<void> {
      const ids = claimed.map(({ id }) => id);
      await transaction((tx) =>
        end(tx, ids, { state: 'failed', reason, answer, together: claimed.length }, now),
      );
    },

    async retry(claimed: readonly Pending[], reason: string, answer: string, nextAt: number): Promise<void> {
      await db
        .updateTable('notification_delivery')
        .set((column) => ({
          state: 'queued' as const,
          attempts: column('attempts', '+', 1),
          reason,
          answer,
          next_at: nextAt,
          claimed_by: null,
          claimed_until: null,
        }))
        .where(
          'id',
          'in',
          claimed.map(({ id }) => id),
        )
        .where('claimed_by', '=', store.instance)
        .execute();
    },

    async hold(held: readonly { id: string; until: number; reason: string }[]): Promise<void> {
      for (const { id, until, reason } of held) {
        await db
          .updateTable('notification_delivery')
          .set({ next_at: until, reason })
          .where('id', '=', id)
          .where('state', '=', 'queued')
          .execute();
      }
    },

    async drop(dropped: readonly { id: string; reason: string }[], now: number): Promise<void> {
      if (dropped.length === 0) return;
      await transaction(async (tx) => {
        for (const { id, reason } of dropped) {
          const row = await tx.db
            .updateTable('notification_delivery')
            .set({ state: 'dropped', reason, next_at: null, finished_at: now })
            .where('id', '=', id)
            .where('state', '=', 'queued')
            .returningAll()
            .executeTakeFirst();
          if (row) settle(tx, row);
        }
      });
    },

    /** A person wants it tried now. Null: there is none that can be. */
    async again(id: string, now: number): Promise<Delivery | null> {
      const row = await db
        .updateTable('notification_delivery')
        .set({ state: 'queued', attempts: 0, next_at: now, created_at: now, finished_at: null, reason: '' })
        .where('id', '=', id)
        .where('state', 'in', ['failed', 'queued', 'dropped'])
        .returningAll()
        .executeTakeFirst();
      return row ? deliveryOf(row) : null;
    },
  };

  /** The next repetition, while the incident is open and nobody said that they know. */
  async function remind(
    tx: Tx,
    channel: string,
    notice: Notice,
    role: Waiting['role'],
    nextAt: number,
    now: number,
  ): Promise<void> {
    if (notice.incidentId === null || role === 'test' || notice.phase === 'resolved') return;
    const thread = await tx.db
      .selectFrom('notification_thread')
      .select('phase')
      .where('incident_id', '=', notice.incidentId)
      // Somebody may be saying just now that they know.
      .forUpdate()
      .executeTakeFirst();
    if (thread?.phase !== 'opened' && thread?.phase !== 'needs_person') return;
    const waiting = await tx.db
      .selectFrom('notification_delivery')
      .select('id')
      .where('incident_id', '=', notice.incidentId)
      .where('channel', '=', channel)
      .where('role', '=', 'reminder')
      .where('state', '=', 'queued')
      .executeTakeFirst();
    if (waiting) return;
    const original = await tx.db
      .selectFrom('notification')
      .select('id')
      .where('incident_id', '=', notice.incidentId)
      .where('phase', 'in', ['opened', 'needs_person'])
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!original) return;
    await tx.db
      .insertInto('notification_delivery')
      .values({
        id: newId('dlv'),
        notification_id: original.id,
        channel,
        incident_id: notice.incidentId,
        role: 'reminder',
        state: 'queued',
        attempts: 0,
        reason: '',
        answer: '',
        together: 1,
        created_at: now,
        next_at: nextAt,
        finished_at: null,
        claimed_by: null,
        claimed_until: null,
      })
      .execute();
  }
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;
