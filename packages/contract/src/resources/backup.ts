import { z } from 'zod';

/** One backup that was made, or was to be. Times are UTC ms. */
export const BackupRecord = z.object({
  id: z.string(),
  target: z.string(),
  /** Name at the target; null where it never came so far. */
  file: z.string().nullable(),
  state: z.enum(['running', 'done', 'failed']),
  /** Bytes and SHA-256 of what lies there, encrypted. */
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  started_at: z.number(),
  finished_at: z.number().nullable(),
  /** Why it failed; what was deleted of older ones. */
  message: z.string(),
});
export type BackupRecord = z.infer<typeof BackupRecord>;

/** A target and how it does. */
export const BackupTarget = z.object({
  name: z.string(),
  type: z.enum(['folder', 's3', 'webdav']),
  /** Where, without secrets. */
  place: z.string(),
  enabled: z.boolean(),
  schedule: z.string(),
  keep: z.int(),
  /** Why it cannot work as configured; null: it can. */
  problem: z.string().nullable(),
  next_at: z.number().nullable(),
  last: BackupRecord.nullable(),
  last_done_at: z.number().nullable(),
});
export type BackupTarget = z.infer<typeof BackupTarget>;

export const BackupList = z.object({ targets: z.array(BackupTarget), records: z.array(BackupRecord) });
export type BackupList = z.infer<typeof BackupList>;

/** A backup as it lies at a target. */
export const BackupFile = z.object({ name: z.string(), bytes: z.number(), created_at: z.number() });
export type BackupFile = z.infer<typeof BackupFile>;
