import { randomBytes } from 'node:crypto';
import type { ChannelConfig, Delivery } from '@vigiles/contract';
import { redactText } from '../actions/index.ts';
import type { EventTransaction } from '../../platform/event-log/index.ts';
import { isWanted } from './core/filter.ts';
import type { Notice } from './core/notice.ts';
import { plain } from './core/render.ts';
import type { Thread } from './core/thread.ts';
import { deliveryOf, notificationOf, type DeliveryRow, type NotificationTables } from './tables.ts';

export type Tx = EventTransaction<NotificationTables>;

export interface Enqueue {
  channels: readonly ChannelConfig[];
  groupWaitMs: number;
  newId(prefix: string): string;
  /** Follows incidents by a key of its own: is told of each step. */
  tracks(channel: ChannelConfig): boolean;
  tags(service: string | null): readonly string[];
  now: number;
}

/** How a toast of it would be shown. */
export interface Shown {
  durationMs: number;
  sticky: boolean;
}

/** One channel, whatever it wants to hear; or all but one that do. */
export type Audience = { channel: string; role: Delivery['role'] } | { but: string };

const newNotificationId = (): string => `toast-${randomBytes(6).toString('hex')}`;

/** A notice's text as it is kept: no secrets, no control characters. */
export const keptText = ({ title, message }: Notice): { title: string | null; message: string } => ({
  title: title === '' ? null : plain(redactText(title), 500),
  message: plain(redactText(message), 8000),
});

/**
 * Writes a notice into the history and a delivery for each channel that wants it, with the event that tells of it. All within
 * the transaction of whatever caused it.
 */
export async function enqueue(
  tx: Tx,
  notice: Notice,
  thread: Thread | null,
  options: Enqueue,
  shown: Shown = { durationMs: 5000, sticky: notice.severity === 'critical' && notice.phase !== 'resolved' },
  only?: Audience,
): Promise<string> {
  const { now } = options;
  const row = {
    id: newNotificationId(),
    type: notice.type,
    ...keptText(notice),
    duration_ms: shown.durationMs,
    sticky: shown.sticky ? 1 : 0,
    created_at: now,
    kind: notice.kind,
    severity: notice.severity,
    phase: notice.phase,
    service: notice.service,
    fault: notice.fault,
    incident_id: notice.incidentId,
    actor: notice.actor,
  };
  await tx.db.insertInto('notification').values(row).execute();
  const deliveries: DeliveryRow[] = [];
  for (const channel of options.channels) {
    if (only && 'but' in only ? only.but === channel.name : only && only.channel !== channel.name) continue;
    const due =
      only && 'role' in only
        ? { role: only.role, nextAt: now }
        : await dueOn(tx, channel, notice, thread, options);
    if (!due) continue;
    deliveries.push({
      id: options.newId('dlv'),
      notification_id: row.id,
      channel: channel.name,
      incident_id: notice.incidentId,
      role: due.role,
      state: 'queued',
      attempts: 0,
      reason: '',
      answer: '',
      together: 1,
      created_at: now,
      next_at: due.nextAt,
      finished_at: null,
      claimed_by: null,
      claimed_until: null,
    });
  }
  if (deliveries.length > 0) await tx.db.insertInto('notification_delivery').values(deliveries).execute();
  tx.append('notification.created', {
    actor: notice.actor,
    subject: row.id,
    data: { notification: notificationOf(row, deliveries) },
  });
  return row.id;
}

/** When a channel is told; null where it is not. */
async function dueOn(
  tx: Tx,
  channel: ChannelConfig,
  notice: Notice,
  thread: Thread | null,
  { groupWaitMs, tracks, tags, now }: Enqueue,
): Promise<{ role: Delivery['role']; nextAt: number } | null> {
  const { phase, incidentId } = notice;
  if (!isWanted(channel, notice, tags(notice.service))) return null;
  if (phase === 'acknowledged' && !tracks(channel)) return null;
  if ((phase === 'acknowledged' || phase === 'resolved') && incidentId !== null) {
    if (phase === 'resolved' && !channel.resolved) return null;
    if (!(await wasTold(tx, channel.name, incidentId))) return null;
    return { role: 'first', nextAt: phase === 'resolved' ? now + groupWaitMs : now };
  }
  if (channel.escalate_after_s !== undefined && thread !== null) {
    const nextAt = thread.openedAt + channel.escalate_after_s * 1000;
    return { role: 'escalation', nextAt: Math.max(nextAt, now) };
  }
  return { role: 'first', nextAt: now + groupWaitMs };
}

/** Whether a channel heard, or is about to hear, of an incident in any way. */
async function wasTold(tx: Tx, channel: string, incidentId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('notification_delivery')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('channel', '=', channel)
    .where('state', '!=', 'dropped')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes back what waits about an incident: somebody knows of it, or it is over. */
export async function takeBack(
  tx: Tx,
  incidentId: string,
  roles: readonly Delivery['role'][],
  channels: readonly string[],
  reason: string,
  now: number,
): Promise<void> {
  if (channels.length === 0) return;
  const rows = await tx.db
    .updateTable('notification_delivery')
    .set({ state: 'dropped', reason, next_at: null, finished_at: now })
    .where('incident_id', '=', incidentId)
    .where('state', '=', 'queued')
    .where('role', 'in', [...roles])
    .where('channel', 'in', [...channels])
    .returningAll()
    .execute();
  for (const row of rows) settle(tx, row);
}

/** Tells that a delivery came to its end. */
export function settle(tx: Tx, row: DeliveryRow): void {
  tx.append('notification.settled', {
    actor: 'notifications',
    subject: row.notification_id,
    data: { delivery: deliveryOf(row) },
  });
}
