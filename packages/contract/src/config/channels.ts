import { z } from 'zod';
import { PluginReference } from '../resources/plugin-declaration.ts';
import { QuietHoursConfig } from './quiet-hours.ts';
import { webAddress } from './web-address.ts';

/** What a notice is about. `service`: a change of state without an incident. `message`: said by a person or an agent. */
export const NoticeKind = z.enum([
  'incident',
  'alert',
  'service',
  'budget',
  'provider',
  'system',
  'message',
  'session',
]);
export type NoticeKind = z.output<typeof NoticeKind>;

export const NoticeSeverity = z.enum(['critical', 'warning', 'info']);
export type NoticeSeverity = z.output<typeof NoticeSeverity>;

const secret = (what: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${what} A reference: \${env:NAME} or \${secret:name}.`, secret: true });

const address = (what: string) => webAddress.meta({ description: what });
const secretAddress = (what: string) =>
  webAddress.meta({ description: `${what} It is a secret: better a reference.`, secret: true });

const pattern = z.string().min(1).max(64);
const template = (what: string) =>
  z
    .string()
    .max(2000)
    .optional()
    .meta({
      description: `${what} {title} {message} {service} {severity} {phase} {fault} {incident} {time} {duration} {count} are filled in.`,
    });

/** What every channel has: what it is told, when, and how often. */
const common = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dots, dashes')
    .meta({ description: 'How it is called here.' }),
  enabled: z.boolean().default(true),
  min_severity: NoticeSeverity.default('warning').meta({ description: 'Nothing below this.' }),
  kinds: z
    .array(NoticeKind)
    .default(['incident', 'alert', 'budget', 'system', 'message'])
    .meta({ description: 'What it is told about.' }),
  services: z
    .array(pattern)
    .default([])
    .meta({ description: 'Only these services; * matches any part of a name. Empty: all.' }),
  tags: z.array(pattern).default([]).meta({ description: 'Only services with one of these tags.' }),
  faults: z
    .array(pattern)
    .default([])
    .meta({ description: 'Only these faults: B4, service.dead, C*. Empty: all.' }),
  tell: z.enum(['opened', 'needs_person']).default('opened').meta({
    description: 'opened: of every incident. needs_person: only where Vigiles cannot go on by itself.',
  }),
  resolved: z.boolean().default(true).meta({ description: 'Tell when what it was told of is over.' }),
  repeat_every_s: z
    .number()
    .min(60)
    .max(604_800)
    .optional()
    .meta({ description: 'Tell again until somebody acknowledges it or it is over. Absent: once.' }),
  escalate_after_s: z.number().min(1).max(604_800).optional().meta({
    description: 'Only what nobody acknowledged and nothing fixed after this time.',
  }),
  quiet_hours: z.array(QuietHoursConfig).max(20).optional().meta({
    description: 'Quiet hours of its own, instead of those of all channels. Empty: none.',
  }),
  quiet: z.enum(['follow', 'ignore']).default('follow').meta({
    description: 'Whether the quiet hours hold for it.',
  }),
  max_per_minute: z.number().min(0.1).max(600).optional().meta({
    description: 'Messages; what waits beyond that becomes one summary. Absent: what the service allows.',
  }),
  title: template('Text of the title.'),
  message: template('Text of the message.'),
};

const channel = <Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...common, ...shape });

/** One way of telling people. Each type is one file in the server’s `notifications/channels/`. */
export const ChannelConfig = z.discriminatedUnion('type', [
  channel('apprise', {
    server: address('Apprise API server, for instance http://127.0.0.1:8000.'),
    config_key: secret('Key of a configuration kept on the Apprise server.').optional(),
    urls: z
      .array(z.string().min(1).meta({ secret: true }))
      .default([])
      .meta({ description: 'Apprise URLs (or references), where no config_key is given.' }),
    apprise_tag: z.string().min(1).optional().meta({ description: 'Which services of the configuration.' }),
  }),
  channel('console', {}),
  channel('desktop', {}),
  channel('discord', { webhook_url: secretAddress('Webhook of a Discord channel.') }),
  channel('email', {
    host: z.string().min(1).meta({ description: 'SMTP server.' }),
    port: z.int().min(1).max(65535).default(587),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
      description: 'starttls: refused where the server has none. tls: from the first byte (465).',
    }),
    verify_certificate: z.boolean().default(true),
    username: z.string().min(1).optional(),
    password: secret('Password of the mailbox.').optional(),
    from: z
      .string()
      .min(3)
      .max(320)
      .meta({ description: 'vigiles@example.com, or Vigiles <vigiles@example.com>.' }),
    to: z.array(z.string().min(3).max(320)).min(1).max(50).meta({ description: 'Plain addresses.' }),
  }),
  channel('gotify', {
    server: address('Gotify server.'),
    token: secret('Application token.'),
  }),
  channel('matrix', {
    homeserver: address('For instance https://matrix.org.'),
    room_id: z.string().regex(/^[!#].+:.+$/, '!id:server or #alias:server'),
    access_token: secret('Access token of the account that writes.'),
  }),
  channel('ntfy', {
    server: address('ntfy server.').default('https://ntfy.sh'),
    topic: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, _ and -; at most 64'),
    token: secret('Access token.').optional(),
    username: z.string().min(1).optional(),
    password: secret('Instead of a token.').optional(),
  }),
  channel('opsgenie', {
    api_key: secret('Key of an API integration.'),
    region: z.enum(['us', 'eu']).default('us'),
    server: address('Instead of the region’s address.').optional(),
  }),
  channel('pagerduty', {
    routing_key: secret('Integration key of an Events API v2 integration.'),
    region: z.enum(['us', 'eu']).default('us'),
    server: address('Instead of the region’s address.').optional(),
  }),
  channel('plugin', {
    plugin: PluginReference.meta({ description: 'Plugin and channel: `zulip/stream`.' }),
    options: z.record(z.string().max(48), z.unknown()).default({}).meta({
      description: 'What the channel asks for; secrets as references.',
    }),
  }),
  channel('pushover', {
    token: secret('Application token.'),
    user_key: secret('User or group key.'),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,25}$/)
      .optional(),
    server: address('Pushover server.').default('https://api.pushover.net'),
  }),
  channel('slack', { webhook_url: secretAddress('Incoming webhook.') }),
  channel('teams', {
    webhook_url: secretAddress('Address of a Workflow “when a webhook request is received”.'),
  }),
  channel('telegram', {
    token: secret('Token of the bot.'),
    chat_id: z.string().regex(/^(-?\d{1,20}|@[A-Za-z0-9_]{4,})$/, 'a number, or @channelname'),
    topic_id: z.int().min(1).optional().meta({ description: 'Topic of a forum group.' }),
    server: address('Bot API server.').default('https://api.telegram.org'),
  }),
  channel('webhook', {
    url: secretAddress('Where the notice is posted as JSON.'),
    method: z.enum(['POST', 'PUT']).default('POST'),
    secret: secret('Signs each call: X-Vigiles-Signature, HMAC-SHA256 over timestamp and body.').optional(),
    headers: z
      .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'a header name'), z.string())
      .default({})
      .meta({ secret: true }),
  }),
  channel('webpush', {
    contact: z
      .string()
      .regex(/^(mailto:.+@.+|https:\/\/.+)$/, 'mailto:you@example.com or an https address')
      .default('mailto:vigiles@localhost.localdomain')
      .meta({ description: 'Whom a push service may write to.' }),
  }),
]);
export type ChannelConfig = z.output<typeof ChannelConfig>;
