import { z } from 'zod';

/** How a page and its file stand. `conflict`: both changed, nothing was overwritten, a person chooses. */
export const NotionPageState = z.object({
  page: z.string(),
  file: z.string(),
  state: z.enum(['never', 'in_step', 'conflict', 'failed']),
  /** UTC ms of the last look that succeeded. */
  synced_at: z.number().nullable(),
  /** What was done last, or what went wrong. */
  note: z.string(),
});
export type NotionPageState = z.infer<typeof NotionPageState>;

/** Both versions of a page that changed here and there since they were last in step. */
export const NotionConflict = z.object({
  id: z.string(),
  page: z.string(),
  file: z.string(),
  local: z.string(),
  remote: z.string(),
  /** UTC ms. */
  found_at: z.number(),
});
export type NotionConflict = z.infer<typeof NotionConflict>;

/** `both`: Notion's version stays, and the file's is kept beside it under another name. */
export const NotionChoice = z.enum(['local', 'remote', 'both']);
export type NotionChoice = z.infer<typeof NotionChoice>;

export const NotionState = z.object({
  enabled: z.boolean(),
  /** There is a token, and its reference leads somewhere. */
  configured: z.boolean(),
  directory: z.string(),
  pages: z.array(NotionPageState),
  conflicts: z.number(),
  webhook: z.object({
    /** There is a verification token. */
    verified: z.boolean(),
    /** Until when the first request of a new subscription is taken; null: it is not. UTC ms. */
    open_until: z.number().nullable(),
    last_event_at: z.number().nullable(),
  }),
  /** Why nothing is kept in step; null where nothing is wrong. */
  problem: z.string().nullable(),
});
export type NotionState = z.infer<typeof NotionState>;

export const NotionSync = z.object({
  pages: z.array(
    z.object({
      page: z.string(),
      file: z.string(),
      outcome: z.enum(['in_step', 'pulled', 'pushed', 'conflict', 'failed']),
      note: z.string(),
    }),
  ),
});
export type NotionSync = z.infer<typeof NotionSync>;

export const NotionWebhookReply = z.object({
  status: z.enum(['received', 'duplicate', 'verification_received']),
  conflicts: z.number(),
});
export type NotionWebhookReply = z.infer<typeof NotionWebhookReply>;
