import { z } from 'zod';

export const CommandType = z.enum(['HALT', 'RESUME', 'ROLLBACK', 'REDIRECT', 'DECISION', 'INJECT']);
export type CommandType = z.infer<typeof CommandType>;

/** queued → delivered → applied; the others are ends too. Only `applied` means that it was done. */
export const CommandState = z.enum([
  'queued',
  'delivered',
  'applied',
  'failed',
  'expired',
  'superseded',
  'rejected',
]);
export type CommandState = z.infer<typeof CommandState>;

/** A command as it stands. Times are UTC ms. */
export const SessionCommand = z.object({
  command_id: z.string(),
  session_id: z.string(),
  type: CommandType,
  args: z.record(z.string(), z.unknown()),
  state: CommandState,
  actor: z.string(),
  expected_seq: z.number().nullable(),
  created_at: z.number(),
  /** Not delivered and settled by then: expired. */
  deadline: z.number(),
  delivered_at: z.number().nullable(),
  settled_at: z.number().nullable(),
  /** The lease it was delivered under. */
  epoch: z.number().nullable(),
  /** Of the event that queued it: its place in the log. */
  seq: z.number(),
  /** What came of it, or why not, for people. */
  note: z.string(),
  /** What shows that it was done: the adapter's own. */
  evidence: z.record(z.string(), z.unknown()).nullable(),
});
export type SessionCommand = z.infer<typeof SessionCommand>;

/** What a client sends: the seed's flat object, so further fields are the command's arguments. */
export const CommandInput = z.looseObject({
  type: z.unknown(),
  session_id: z.string().max(128).optional(),
  command_id: z.string().min(1).max(128).optional(),
  expected_seq: z.int().min(0).optional(),
  /** Seconds for which it may wait for somebody who carries it out. */
  ttl_s: z.number().min(1).max(86_400).optional(),
});
export type CommandInput = z.input<typeof CommandInput>;

/**
 * The seed's `command:result` and more. `success` means accepted; `state` says how far it is. `timestamp` is ISO 8601.
 */
export const CommandResult = z.looseObject({
  success: z.boolean(),
  message: z.string().optional(),
  error: z.string().optional(),
  code: z.string().optional(),
  timestamp: z.string(),
  command_type: z.string().optional(),
  command_id: z.string().optional(),
  session_id: z.string().optional(),
  state: CommandState.optional(),
});
export type CommandResult = z.infer<typeof CommandResult>;

/** What whoever carried out a command says about it. */
export const CommandAck = z.object({
  epoch: z.int().min(1),
  state: z.enum(['applied', 'failed']),
  note: z.string().max(2000).default(''),
  evidence: z.record(z.string(), z.unknown()).default({}),
});
export type CommandAck = z.output<typeof CommandAck>;
