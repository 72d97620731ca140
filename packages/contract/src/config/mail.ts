import { z } from 'zod';
import { webAddress } from './web-address.ts';

const secret = (what: string) =>
  z
    .string()
    .min(1)
    .max(8192)
    .meta({ description: `${what} A reference: \${env:NAME} or \${secret:name}.`, secret: true });

/** How mail leaves: any SMTP server, or Gmail with OAuth2. */
export const MailTransportConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('smtp'),
    host: z.string().min(1).max(253).meta({ description: 'SMTP server that takes mail for sending.' }),
    port: z.int().min(1).max(65_535).default(587),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
      description: 'starttls: refused where the server has none. tls: from the first byte (465).',
    }),
    verify_certificate: z.boolean().default(true),
    username: z.string().min(1).max(320).optional(),
    password: secret('Password of the mailbox.').optional(),
  }),
  z.strictObject({
    type: z.literal('gmail'),
    user: z.string().min(3).max(320).meta({ description: 'Address of the Gmail account.' }),
    client_id: z.string().min(1).max(500).meta({ description: 'Of the OAuth client.' }),
    client_secret: secret('Of the OAuth client.'),
    refresh_token: secret('With the scope https://mail.google.com/.'),
    token_url: webAddress.default('https://oauth2.googleapis.com/token').meta({
      description: 'Where a new access token is got.',
    }),
    host: z.string().min(1).max(253).default('smtp.gmail.com'),
    port: z.int().min(1).max(65_535).default(465),
    security: z.enum(['starttls', 'tls', 'none']).default('tls'),
    verify_certificate: z.boolean().default(true),
  }),
]);
export type MailTransportConfig = z.output<typeof MailTransportConfig>;

/** `*`, `@example.com` or `*@example.com` for everybody there, or one address. */
const RecipientPattern = z
  .string()
  .max(320)
  .regex(/^(?:\*|\*?@[^@\s*]+|[^@\s*]+@[^@\s*]+)$/, 'an address, @domain, or * for everybody');

const MailPolicyConfig = z.strictObject({
  device: z
    .string()
    .min(1)
    .max(128)
    .meta({ description: 'Id of the device (`vigiles devices`); * is every device.' }),
  allow: z.array(RecipientPattern).max(500).default([]).meta({
    description: 'Whom it may write to: me@example.com, @example.com, or * for everybody. Empty: nobody.',
  }),
  approval: z.enum(['never', 'always']).optional().meta({
    description: 'Whether a person has to approve each mail of it. Absent: as mail.approval says.',
  }),
});

/** Mail sent for agents and devices, `/api/v1/mail/*`. */
export const MailConfig = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: 'The relay as a whole (gmail_relay_enabled of the seed). Off: nothing leaves, at once.',
    }),
    from: z.string().min(3).max(320).optional().meta({
      description: 'me@example.com, or Vigiles <me@example.com>. Absent: the Gmail account.',
    }),
    transport: MailTransportConfig.optional(),
    recipients: z.array(MailPolicyConfig).max(500).default([]).meta({
      description: 'Whom each device may write to. A device that stands nowhere may write to nobody.',
    }),
    approval: z.enum(['never', 'always']).default('never').meta({
      description: 'always: each mail waits until a person has approved it.',
    }),
    approval_expires_s: z.number().min(1).max(2_592_000).default(86_400).meta({
      description: 'A mail that nobody approved in this time is not sent.',
    }),
    daily_limit: z.int().min(0).max(100_000).default(100).meta({
      description: 'Recipients a UTC day, of all devices together; to, cc and bcc count.',
    }),
    max_recipients: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ description: 'Of one mail; to, cc and bcc count.' }),
    max_attachments: z.int().min(0).max(100).default(10),
    max_attachments_mb: z.number().min(0).max(25).default(10).meta({ description: 'All of them together.' }),
    refuse_extensions: z
      .array(z.string().regex(/^[a-z0-9_]{1,10}$/))
      .max(200)
      .default([])
      .meta({ description: 'File name endings that are not sent, besides those of programs: zip, docm.' }),
    retry_first_s: z.number().min(0.02).max(3600).default(60).meta({
      description: 'Wait before the second try; it doubles with each further one, up to an hour.',
    }),
    max_attempts: z.int().min(1).max(100).default(12),
    give_up_after_s: z.number().min(1).max(604_800).default(172_800).meta({
      description: 'A mail that did not go through by then is a dead letter.',
    }),
    timeout_s: z.number().min(0.2).max(600).default(120).meta({
      description: 'Longest silence of the server; its last answer may take long.',
    }),
    keep_days: z.int().min(1).max(3650).default(30).meta({
      description: 'How long the outbox remembers. Texts and attachments go as soon as a mail is sent.',
    }),
  })
  .prefault({});
export type MailConfig = z.output<typeof MailConfig>;
