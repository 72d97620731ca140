import type { Delivery, Notification } from '@vigiles/contract';
import type { Selectable } from 'kysely';
import type { Notice } from './core/notice.ts';
import type { Thread } from './core/thread.ts';

export interface NotificationTables {
  notification: {
    id: string;
    type: Notification['type'];
    title: string | null;
    message: string;
    duration_ms: number;
    sticky: number;
    created_at: number;
    kind: Notice['kind'];
    severity: Notice['severity'];
    phase: Notice['phase'];
    service: string | null;
    fault: string | null;
    incident_id: string | null;
    actor: string;
  };
  notification_delivery: {
    id: string;
    notification_id: string;
    channel: string;
    incident_id: string | null;
    role: Delivery['role'];
    state: Delivery['state'];
    attempts: number;
    reason: string;
    answer: string;
    together: number;
    created_at: number;
    next_at: number | null;
    finished_at: number | null;
    /** Which opening of the store sends it, and until when nobody else may. */
    claimed_by: string | null;
    claimed_until: number | null;
  };
  notification_thread: {
    incident_id: string;
    phase: Thread['phase'];
    service: string;
    severity: Thread['severity'];
    opened_at: number;
    round: number;
  };
  /** How far the event log was read: `events`. */
  notification_cursor: { id: string; seq: number };
  push_subscription: {
    id: string;
    endpoint: string;
    p256dh: string;
    auth: string;
    device_id: string;
    label: string;
    created_at: number;
    last_ok_at: number | null;
  };
}

type NotificationRow = Selectable<NotificationTables['notification']>;
export type DeliveryRow = Selectable<NotificationTables['notification_delivery']>;

export const deliveryOf = (row: DeliveryRow): Delivery => ({
  id: row.id,
  notification_id: row.notification_id,
  channel: row.channel,
  state: row.state,
  role: row.role,
  attempts: row.attempts,
  reason: row.reason,
  answer: row.answer,
  together: row.together,
  created_at: row.created_at,
  next_at: row.state === 'queued' ? row.next_at : null,
  finished_at: row.finished_at,
});

export const notificationOf = (row: NotificationRow, deliveries: readonly DeliveryRow[]): Notification => ({
  ...row,
  sticky: row.sticky !== 0,
  timestamp: new Date(row.created_at).toISOString(),
  deliveries: deliveries.map(deliveryOf),
});

export const noticeOfRow = (row: NotificationRow): Notice => ({
  kind: row.kind,
  severity: row.severity,
  phase: row.phase,
  type: row.type,
  title: row.title ?? '',
  message: row.message,
  service: row.service,
  fault: row.fault,
  incidentId: row.incident_id,
  actor: row.actor,
  at: row.created_at,
});
