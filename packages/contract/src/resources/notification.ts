import { z } from 'zod';
import { NoticeKind, NoticeSeverity } from '../config/channels.ts';

/** What became of a notice on one channel. `queued` is not `delivered`. */
export const DeliveryState = z.enum(['queued', 'sending', 'delivered', 'failed', 'dropped']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** Where in its life an incident is told of; `single` for what has no life. */
export const NoticePhase = z.enum(['opened', 'needs_person', 'acknowledged', 'resolved', 'single']);
export type NoticePhase = z.infer<typeof NoticePhase>;

export const Delivery = z.object({
  id: z.string(),
  notification_id: z.string(),
  channel: z.string(),
  state: DeliveryState,
  /** A repetition, or one that waited for nobody to acknowledge. */
  role: z.enum(['first', 'reminder', 'escalation', 'test']),
  attempts: z.number(),
  /** Why it waits, failed or was dropped; empty where it went through. */
  reason: z.string(),
  /** What the service answered, shortened and without secrets. */
  answer: z.string(),
  /** Sent as part of one message about this many notices; 1: by itself. */
  together: z.number(),
  created_at: z.number(),
  /** When it is tried next, UTC ms; null where it is not. */
  next_at: z.number().nullable(),
  finished_at: z.number().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

export const NotificationType = z.enum(['info', 'success', 'warning', 'error', 'progress']);
export type NotificationType = z.infer<typeof NotificationType>;

/** One entry of the history: something people were told, or could have been. */
export const Notification = z.object({
  id: z.string(),
  type: NotificationType,
  title: z.string().nullable(),
  message: z.string(),
  /** How long a toast stays; for clients that show one. */
  duration_ms: z.number(),
  sticky: z.boolean(),
  /** UTC ms, and the same as ISO 8601. */
  created_at: z.number(),
  timestamp: z.string(),
  kind: NoticeKind,
  severity: NoticeSeverity,
  phase: NoticePhase,
  service: z.string().nullable(),
  fault: z.string().nullable(),
  incident_id: z.string().nullable(),
  actor: z.string(),
  deliveries: z.array(Delivery),
});
export type Notification = z.infer<typeof Notification>;

/** How a channel does. */
export const ChannelHealth = z.object({
  name: z.string(),
  type: z.string(),
  title: z.string(),
  /** Where it leads, without secrets. */
  target: z.string(),
  enabled: z.boolean(),
  /** untested: nothing was sent yet. failing: the last one did not go through. broken: it cannot work as configured. */
  health: z.enum(['ok', 'failing', 'broken', 'untested', 'off']),
  /** What is wrong with its configuration; null where nothing is. */
  problem: z.string().nullable(),
  queued: z.number(),
  delivered_24h: z.number(),
  failed_24h: z.number(),
  dropped_24h: z.number(),
  last_delivered_at: z.number().nullable(),
  last_error: z.object({ at: z.number(), reason: z.string(), answer: z.string() }).nullable(),
  /** Held until then because of quiet hours, UTC ms; null outside of them. */
  quiet_until: z.number().nullable(),
});
export type ChannelHealth = z.infer<typeof ChannelHealth>;

/** How the sign of life of Vigiles itself is doing. */
export const DeadmanState = z.object({
  enabled: z.boolean(),
  /** Host it goes to; the path is a secret. */
  target: z.string().nullable(),
  ok: z.boolean().nullable(),
  last_at: z.number().nullable(),
  last_ok_at: z.number().nullable(),
  reason: z.string(),
});
export type DeadmanState = z.infer<typeof DeadmanState>;
