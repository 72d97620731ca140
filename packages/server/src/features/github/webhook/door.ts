import type { GithubConfig, WebhookReply } from '@vigiles/contract';
import { WebhookReply as Reply } from '@vigiles/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, raise } from '../../../kernel/fault.ts';
import { defineRoute, type Route, type RouteCall } from '../../../kernel/route.ts';
import { isAllowed, isFailure, readDelivery, type Delivery } from '../core/delivery.ts';
import type { InboxStore } from './inbox-store.ts';
import { isSigned } from './signature.ts';

export interface DoorDeps {
  config(): GithubConfig;
  /** The secrets in force; empty: none is set. Throws where a reference leads nowhere. */
  secrets(): string[];
  store: InboxStore;
  clock: Clock;
  /** It is on disk: the inbox may look, and people are told. */
  received(id: string, delivery: Delivery): void;
}

const idShape = /^[A-Za-z0-9._:-]{1,100}$/;

/** What is said about a delivery at once; what came of it is known later. */
function resultOf({ facts, action }: Delivery): WebhookReply['result'] {
  if (facts.kind === 'ping') return { status: 'ok', message: 'pong' };
  if (facts.kind === 'none') return { status: 'ignored', message: facts.why };
  if (facts.kind !== 'run' || action !== 'completed') return { status: 'acknowledged' };
  if (facts.run.conclusion === 'success') return { status: 'success', action: 'none' };
  if (!isFailure(facts.run.conclusion)) return { status: 'acknowledged' };
  return { status: 'failure', action: 'queued', message: 'it is judged now; see the runs' };
}

/** The webhook: signature, inbox, answer. Nothing of GitHub is asked before the answer is given. */
export function createDoor({ config, secrets, store, clock, received }: DoorDeps) {
  const refuse = (code: string, message: string) => raise(fault('invalid', code, message));

  async function take({ body, header }: RouteCall<undefined, undefined, unknown>): Promise<WebhookReply> {
    const known = config().enabled ? secrets() : [];
    if (known.length === 0) {
      raise(
        fault(
          'unavailable',
          'webhook_secret_missing',
          'No webhook secret is configured: github.webhook.secret.',
        ),
      );
    }
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    if (!isSigned(known, bytes, header('x-hub-signature-256'))) {
      raise(fault('unauthorized', 'webhook_signature_invalid', 'The signature is missing or does not fit.'));
    }
    const event = header('x-github-event') ?? '';
    const id = header('x-github-delivery') ?? '';
    if (!/^[a-z_]{1,64}$/.test(event) || !idShape.test(id)) {
      refuse('webhook_headers_missing', 'X-GitHub-Event and X-GitHub-Delivery are needed.');
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(bytes.toString('utf8'));
    } catch {
      return refuse('malformed_json', 'The body is not valid JSON.');
    }
    const delivery = readDelivery(event, parsed);
    if (!delivery) return refuse('malformed_delivery', 'The body is no delivery of GitHub.');
    const said = { event, delivery_id: id, sync: null };
    if (delivery.facts.kind !== 'ping' && !isAllowed(config().repositories, delivery.repository)) {
      const message = 'the repository is not one of github.repositories';
      return { status: 'received', ...said, result: { status: 'ignored', message } };
    }
    const accepted = await store.accept(id, delivery, clock.now());
    if (accepted === 'duplicate') return { status: 'duplicate', ...said, result: null };
    received(id, delivery);
    const { facts } = delivery;
    const { pull_on_push, repository, ref } = config().sync;
    const ours = facts.kind === 'push' && repository?.toLowerCase() === delivery.repository.toLowerCase();
    const pulls = ours && pull_on_push && facts.ref === ref && !facts.deleted;
    return {
      status: 'received',
      ...said,
      sync: pulls ? { status: 'queued' } : null,
      result: resultOf(delivery),
    };
  }

  const route = (path: string, operationId: string): Route =>
    defineRoute({
      method: 'POST',
      path,
      operationId,
      summary: 'Delivery of a GitHub webhook, signed with the shared secret',
      tag: 'github',
      scope: 'public',
      audit: 'none',
      tier: 'light',
      signed: { maxBytes: Math.round(config().webhook.max_payload_mb * 1_048_576) },
      success: Reply,
      faults: [
        'webhook_secret_missing',
        'webhook_signature_invalid',
        'webhook_headers_missing',
        'malformed_json',
        'malformed_delivery',
        'body_too_large',
        'unsupported_media_type',
      ],
      handle: (call) => take(call),
    });

  return [
    route('/api/v1/github/webhook', 'githubWebhook'),
    route('/api/github/webhook', 'githubWebhookUnversioned'),
  ];
}
