import { createHmac, timingSafeEqual } from 'node:crypto';
import type { NotionConfig, NotionWebhookReply } from '@vigiles/contract';
import { NotionWebhookReply as Reply } from '@vigiles/contract';
import { z } from 'zod';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route } from '../../../kernel/route.ts';
import { missingToken } from '../../../platform/http/index.ts';
import type { NotionStore } from './store.ts';

/** For so long the first request of a new subscription is taken after a person asked for it. */
const openMs = 15 * 60_000;
const mostBytes = 262_144;
/** A clock that is ahead by so much is believed. */
const aheadMs = 5 * 60_000;

export interface WebhookDeps {
  config(): NotionConfig;
  store: NotionStore;
  now(): number;
  /** The verification token in force; null: there is none. */
  token(): string | null;
  keepToken(token: string): Promise<void>;
  /** A page may have changed. */
  changed(page: string): void;
}

const Handshake = z.object({ verification_token: z.string().min(16).max(400) });
const Event = z.object({
  id: z.string().min(1).max(100),
  timestamp: z.iso.datetime({ offset: true }),
  type: z.string().max(100),
  entity: z.object({ id: z.string().max(100), type: z.string().max(40) }),
});

/**
 * Whether Notion signed these bytes: HMAC-SHA-256 with the verification token as key, over the body just as it came.
 * https://developers.notion.com/reference/webhooks
 * @param header value of `x-notion-signature`
 */
export function isSignedByNotion(token: string, body: Buffer, header: string | null): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1];
  const expected = createHmac('sha256', token).update(body).digest();
  return given !== undefined && timingSafeEqual(expected, Buffer.from(given, 'hex'));
}

/** The webhook: the handshake while a person holds the door open, signed events always. */
export function createWebhook({ config, store, now, token, keepToken, changed }: WebhookDeps) {
  let openUntil = 0;
  /** The token of the last handshake, for the person who has to show it to Notion. */
  let received: string | null = null;

  const jsonOf = (bytes: Buffer): unknown => {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      return raise(fault('invalid', 'malformed_json', 'The body is not valid JSON.'));
    }
  };

  async function handshake(bytes: Buffer): Promise<NotionWebhookReply> {
    const shown = Handshake.safeParse(jsonOf(bytes));
    const unsigned = fault(
      'unauthorized',
      'webhook_signature_invalid',
      'The signature is missing or does not fit.',
    );
    if (!shown.success) return raise(unsigned);
    // Whoever may set the key could sign anything: only while a person waits for it, and once.
    if (now() >= openUntil) return raise(unsigned);
    openUntil = 0;
    received = shown.data.verification_token;
    await keepToken(received);
    return { status: 'verification_received', conflicts: 0 };
  }

  async function take(bytes: Buffer, signature: string | null): Promise<NotionWebhookReply> {
    // A stranger learns nothing of a door that is not in use.
    if (!config().enabled) return raise(missingToken());
    if (signature === null) return handshake(bytes);
    const key = token();
    if (key === null)
      return raise(fault('unavailable', 'webhook_secret_missing', 'No verification token is known.'));
    if (!isSignedByNotion(key, bytes, signature))
      return raise(
        fault('unauthorized', 'webhook_signature_invalid', 'The signature is missing or does not fit.'),
      );
    const event = Event.safeParse(jsonOf(bytes));
    if (!event.success)
      return raise(fault('invalid', 'malformed_delivery', 'The body is no event of Notion.'));
    const { id, timestamp, entity } = event.data;
    const age = now() - Date.parse(timestamp);
    if (age > config().replay_hours * 3_600_000 || age < -aheadMs)
      return raise(fault('invalid', 'webhook_too_old', 'The event is too old to be new.'));
    const fresh = await store.takeEvent(id, now());
    const conflicts = (await store.conflicts()).length;
    if (!fresh) return { status: 'duplicate', conflicts };
    if (entity.type === 'page') changed(entity.id.replaceAll('-', '').toLowerCase());
    return { status: 'received', conflicts };
  }

  const routes: Route[] = [
    defineRoute({
      method: 'POST',
      path: '/api/v1/integrations/notion/webhook',
      operationId: 'notionWebhook',
      summary: 'Event of a Notion webhook, signed with its verification token',
      tag: 'notion',
      scope: 'public',
      audit: 'none',
      tier: 'light',
      signed: { maxBytes: mostBytes },
      success: Reply,
      faults: [
        'token_required',
        'webhook_secret_missing',
        'webhook_signature_invalid',
        'webhook_too_old',
        'malformed_json',
        'malformed_delivery',
      ],
      handle: ({ body, header }) =>
        take(Buffer.isBuffer(body) ? body : Buffer.alloc(0), header('x-notion-signature')),
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/integrations/notion/webhook/open',
      operationId: 'openNotionWebhook',
      summary: 'Take the verification token of a new webhook subscription, once, within 15 minutes',
      tag: 'notion',
      scope: 'config',
      audit: 'notion.webhook_open',
      tier: 'light',
      success: z.object({ open_until: z.number() }),
      faults: ['notion_disabled'],
      async handle() {
        if (!config().enabled) raise(fault('unavailable', 'notion_disabled', 'Notion is switched off here.'));
        openUntil = now() + openMs;
        received = null;
        return { open_until: openUntil };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/api/v1/integrations/notion/webhook/reveal',
      operationId: 'revealNotionToken',
      summary: 'The verification token that Notion sent, to be shown to Notion; once',
      tag: 'notion',
      scope: 'config',
      audit: 'notion.webhook_reveal',
      tier: 'light',
      success: z.object({ verification_token: z.string() }),
      faults: ['notion_token_absent'],
      async handle() {
        const shown =
          received ?? raise(fault('not-found', 'notion_token_absent', 'Notion has sent no token yet.'));
        received = null;
        return { verification_token: shown };
      },
    }),
  ];
  return { routes, openUntil: () => (now() < openUntil ? openUntil : null) };
}
