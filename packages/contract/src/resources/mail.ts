import { z } from 'zod';

const list = z.array(z.string().max(400)).max(500);

/** One file of a mail; `content` is base64. */
export const MailAttachment = z.strictObject({
  filename: z.string().min(1).max(255),
  content_type: z.string().max(127).default('application/octet-stream'),
  content: z.string().max(36_000_000),
});
export type MailAttachment = z.output<typeof MailAttachment>;

/** A mail to be sent. Addresses are plain (`a@example.com`) or `Name <a@example.com>`; each entry is one. */
export const MailMessage = z.strictObject({
  to: z.union([
    list,
    z
      .string()
      .max(400)
      .transform((one) => [one]),
  ]),
  subject: z.string().max(1000).default(''),
  body: z.string().max(2_000_000).default(''),
  from_name: z.string().max(200).nullish(),
  cc: list.nullish(),
  bcc: list.nullish(),
  /** True: `body` is HTML. A text: HTML beside the plain body. */
  html: z.union([z.boolean(), z.string().max(2_000_000)]).nullish(),
  attachments: z.array(MailAttachment).max(100).nullish(),
  /** The same key with the same mail is one mail, however often it is sent. Also as the header `Idempotency-Key`. */
  idempotency_key: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'printable ASCII without spaces, at most 200 characters')
    .optional(),
  /** How long the answer may wait for the outcome, seconds. */
  wait_s: z.number().min(0).max(30).optional(),
});
export type MailMessage = z.output<typeof MailMessage>;

/**
 * `queued` is not sent. `uncertain`: the server had all of it and nobody knows whether it took it; a person decides whether it is
 * sent again. `failed`: a dead letter, which a person can send again or discard.
 */
export const MailState = z.enum([
  'awaiting_approval',
  'queued',
  'sending',
  'sent',
  'partly_sent',
  'uncertain',
  'failed',
  'denied',
  'expired',
  'discarded',
]);
export type MailState = z.infer<typeof MailState>;

/** What became of one recipient. */
export const MailRecipient = z.object({
  address: z.string(),
  name: z.string(),
  kind: z.enum(['to', 'cc', 'bcc']),
  state: z.enum(['pending', 'taken', 'refused']),
  /** What the server said of it; empty where it has not said anything. Hostile text. */
  reply: z.string(),
});
export type MailRecipient = z.infer<typeof MailRecipient>;

/** An entry of the outbox, without what was written in it. Times are UTC ms. */
export const Mail = z.object({
  id: z.string(),
  /** Header of the mail; the same for every try. */
  message_id: z.string(),
  device_id: z.string(),
  device_name: z.string(),
  state: MailState,
  subject: z.string(),
  from_name: z.string(),
  recipients: z.array(MailRecipient),
  attachments: z.array(z.object({ filename: z.string(), content_type: z.string(), size: z.number() })),
  attempts: z.int(),
  /** Why it waits, failed or is uncertain; for people. */
  reason: z.string(),
  /** Enhanced status code of the last answer (RFC 3463). */
  code: z.string().nullable(),
  created_at: z.number(),
  next_at: z.number().nullable(),
  finished_at: z.number().nullable(),
  /** When a wait for an approval ends. */
  approval_until: z.number().nullable(),
  approved_by: z.string().nullable(),
  /** Run of the action runner that sends it, or waits to. */
  run_id: z.string().nullable(),
  /** Text and attachments are still kept: it can be sent again. */
  kept: z.boolean(),
});
export type Mail = z.infer<typeof Mail>;

/** An entry with what was written, as long as that is kept. */
export const MailDetail = Mail.extend({
  body: z.string().nullable(),
  /** True where there is an HTML part too. */
  has_html: z.boolean(),
  /** Its HTML part as it was written, as long as that is kept. */
  html: z.string().nullable(),
});
export type MailDetail = z.infer<typeof MailDetail>;

/** What sending answers. `success`: a server took it for every recipient; false also while it waits. */
export const MailResult = z.object({
  success: z.boolean(),
  message_id: z.string().nullable(),
  error: z.string().nullable(),
  /** ISO 8601. */
  timestamp: z.string(),
  id: z.string(),
  state: MailState,
});
export type MailResult = z.infer<typeof MailResult>;

export const MailStatus = z.object({
  status: z.enum(['not_configured', 'authenticated', 'token_expired', 'error']),
  configured: z.boolean(),
  authenticated: z.boolean(),
  /** Recipients a server took mail for, this UTC day. */
  emails_sent_today: z.int(),
  daily_limit: z.int(),
  /** What may still be asked for today; what waits is counted already. */
  remaining: z.int(),
  enabled: z.boolean(),
  transport: z.enum(['smtp', 'gmail']).nullable(),
  from: z.string().nullable(),
  host: z.string().nullable(),
  /** What is wrong; null where nothing is. */
  problem: z.string().nullable(),
  /** Entries of the outbox by state. */
  outbox: z.record(z.string(), z.int()),
});
export type MailStatus = z.infer<typeof MailStatus>;

export const MailPage = z.object({
  mails: z.array(Mail),
  total: z.int(),
  /** Give it as `before` for older ones; null: there are none. */
  next: z.string().nullable(),
});
export type MailPage = z.infer<typeof MailPage>;

/** Events of the outbox. Neither text, subject nor addresses are in them. */
export const mailEvents = {
  'mail.changed': z.object({ id: z.string(), state: MailState, device_id: z.string(), reason: z.string() }),
};
