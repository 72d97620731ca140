import { z } from 'zod';

/** One line of a session's log. `seq` counts from 1 without gaps within its session and is the resume cursor. */
export const SessionEvent = z.object({
  session_id: z.string(),
  seq: z.number(),
  event_id: z.string(),
  /** UTC ms. */
  ts: z.number(),
  /** The seed's names (`skill:started`) and any other a producer uses. */
  type: z.string(),
  actor: z.string(),
  command_id: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type SessionEvent = z.infer<typeof SessionEvent>;

/** Types every surface knows; a producer may send others of the same form. */
export const sessionEventTypes = [
  'skill:started',
  'skill:completed',
  'skill:failed',
  'skill:progress',
  'skill:injected',
  'file:modified',
  'file:created',
  'file:deleted',
  'decision:point',
  'decision:made',
  'decision:expired',
  'decision:extended',
  'decision:cancelled',
  'validation:started',
  'validation:output',
  'validation:result',
  'validation:completed',
  'agent:spawned',
  'agent:progress',
  'agent:completed',
  'checkpoint:created',
  'execution:started',
  'execution:progress',
  'execution:completed',
  'execution:failed',
  'execution:halting',
  'execution:halted',
  'execution:still_running',
  'execution:resumed',
  'execution:redirect',
  'execution:rollback',
  'execution:rollback_started',
  'execution:rollback_completed',
  'execution:rollback_failed',
  'message:user',
  'message:assistant',
  'message:reasoning',
  'usage:updated',
  'session:created',
  'session:phase',
  'session:attached',
  'session:detached',
  'command:update',
] as const;

/** `topic:what_happened`. */
export const SessionEventType = z
  .string()
  .max(80)
  .regex(/^[a-z][a-z0-9_]*(:[a-z0-9_]+)+$/, 'has the form topic:what_happened');

/** Topics that only the server writes: nobody can pretend that a command was applied. */
export const reservedTopics = ['command', 'session', 'server'] as const;

/** What a producer appends. The same `local_id` from the same device is stored once, however often it is sent. */
export const NewSessionEvent = z.object({
  type: SessionEventType,
  data: z.record(z.string(), z.unknown()).default({}),
  local_id: z.string().min(1).max(200).optional(),
  /** When it happened: UTC ms or ISO 8601; now where absent. */
  timestamp: z.union([z.number(), z.string().max(40)]).optional(),
  command_id: z.string().max(128).optional(),
});
export type NewSessionEvent = z.input<typeof NewSessionEvent>;

/** Where each of a batch stands now, in its order. */
export const AppendedEvent = z.object({
  event_id: z.string(),
  seq: z.number(),
  /** It was stored before; nothing was added. */
  duplicate: z.boolean(),
});
export type AppendedEvent = z.infer<typeof AppendedEvent>;

/** Sent live and never stored: a later event of the log has the whole of it (tokens of a message, a bar that moves). */
export const VolatileSessionEvent = z.object({
  session_id: z.string(),
  type: z.string(),
  ts: z.number(),
  data: z.record(z.string(), z.unknown()),
});
export type VolatileSessionEvent = z.infer<typeof VolatileSessionEvent>;

/** What a producer sends live: samples of one `key` (else of one type) within 50 ms are put together, `data.delta` joined. */
export const NewVolatileEvent = z.object({
  type: SessionEventType,
  data: z.record(z.string(), z.unknown()).default({}),
  key: z.string().max(200).default(''),
});
export type NewVolatileEvent = z.input<typeof NewVolatileEvent>;
