import { z } from 'zod';

/** A point a session can be taken back to: its files, its conversation, or both. */
export const Checkpoint = z.object({
  checkpoint_id: z.string(),
  session_id: z.string(),
  /** Of the event that made it. */
  seq: z.number(),
  label: z.string(),
  skill_name: z.string().nullable(),
  /** `safety`: taken before a rollback, so that this can be undone too. */
  kind: z.enum(['auto', 'manual', 'safety']),
  created_at: z.number(),
  /** What can be restored from it. */
  restores: z.object({ files: z.boolean(), conversation: z.boolean() }),
  files: z.number(),
  bytes: z.number(),
  /** What the adapter needs to find it again. */
  ref: z.record(z.string(), z.unknown()),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const NewCheckpoint = z.object({
  checkpoint_id: z.string().min(1).max(128).optional(),
  label: z.string().max(500).default(''),
  skill_name: z.string().max(200).nullable().default(null),
  kind: Checkpoint.shape.kind.default('manual'),
  restores: Checkpoint.shape.restores.default({ files: false, conversation: false }),
  files: z.int().min(0).default(0),
  bytes: z.int().min(0).default(0),
  ref: z.record(z.string(), z.unknown()).default({}),
});
export type NewCheckpoint = z.input<typeof NewCheckpoint>;
