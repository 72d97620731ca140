import { z } from 'zod';

/** How things stand with GitHub: fields of the earlier server, and what it did not know. */
export const GithubHealth = z.object({
  /** `ok`; `observing`: no credentials, so nothing is done; `degraded`: see `problems`; `off`. */
  status: z.enum(['ok', 'observing', 'degraded', 'off']),
  problems: z.array(z.string()),
  /** GitHub's own command line. */
  cli: z.object({ available: z.boolean(), error: z.string().nullable() }),
  webhook: z.object({
    secret_configured: z.boolean(),
    /** An old secret is accepted, too. */
    rotating: z.boolean(),
    last_received_at: z.number().nullable(),
    waiting: z.number(),
    failed: z.number(),
  }),
  repo: z.object({
    allowed: z.array(z.string()),
    default_branch: z.string(),
    push_enabled: z.boolean(),
  }),
  auth: z.object({
    kind: z.enum(['app', 'token', 'gh', 'none']),
    /** null: not asked yet. */
    ok: z.boolean().nullable(),
    message: z.string(),
  }),
  rate_limit: z.object({ limit: z.number(), remaining: z.number(), reset_at: z.number() }).nullable(),
  polling: z.object({
    every_s: z.number(),
    last_at: z.number().nullable(),
    error: z.string().nullable(),
  }),
  /** Of the last 30 days. */
  totals: z.object({
    failed: z.number(),
    auto_fixed: z.number(),
    manual: z.number(),
    /** auto_fixed ÷ (auto_fixed + manual); null while there is nothing to divide. */
    ratio: z.number().nullable(),
    retries: z.number(),
    retry_minutes: z.number(),
  }),
});
export type GithubHealth = z.infer<typeof GithubHealth>;

export const GithubSyncRequest = z.object({
  action: z.enum(['pull', 'push']),
  dry_run: z
    .boolean()
    .default(false)
    .meta({ description: 'Say what it would do; the working copy and the branch at GitHub stay.' }),
});

/** What came of a sync. Output of git without anything secret. */
export const GithubSync = z.object({
  success: z.boolean(),
  action: z.enum(['pull', 'push']),
  detail: z.string(),
  stdout: z.string(),
  stderr: z.string(),
  repo: z.string(),
  branch: z.string(),
});
export type GithubSync = z.infer<typeof GithubSync>;

/** What a delivery is answered with, in the words of the earlier server. */
export const WebhookReply = z.object({
  /** `duplicate`: it was handled already. */
  status: z.enum(['received', 'duplicate']),
  event: z.string(),
  delivery_id: z.string(),
  sync: z.object({ status: z.string() }).nullable(),
  result: z.object({ status: z.string(), action: z.string(), message: z.string() }).partial().nullable(),
});
export type WebhookReply = z.infer<typeof WebhookReply>;
