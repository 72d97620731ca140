import { z } from 'zod';
import { CommandType } from './session-command.ts';

/** The right to carry out a session's commands. Whoever holds an older epoch is answered `stale_epoch`. */
export const Lease = z.object({
  session_id: z.string(),
  /** A name for the process that holds it. */
  holder: z.string(),
  device_id: z.string(),
  epoch: z.number(),
  acquired_at: z.number(),
  /** UTC ms; every poll, acknowledgement and batch of events under it moves it on. */
  expires_at: z.number(),
  /** Commands that may be delivered twice: after a crash they are, all others fail with an unknown outcome. */
  idempotent: z.array(CommandType),
});
export type Lease = z.infer<typeof Lease>;

export const LeaseRequest = z.object({
  holder: z.string().min(1).max(200),
  idempotent: z.array(CommandType).max(6).default([]),
  /** Takes it from another holder that is still alive. */
  steal: z.boolean().default(false),
});
export type LeaseRequest = z.output<typeof LeaseRequest>;
