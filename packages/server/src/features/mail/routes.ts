import { z } from 'zod';
import {
  Mail,
  MailDetail,
  MailMessage,
  MailPage,
  MailResult,
  MailState,
  MailStatus,
  type Identity,
  type Scope,
} from '@vigiles/contract';
import { fault, raise, type Result } from '../../kernel/fault.ts';
import { defineRoute, type Route } from '../../kernel/route.ts';
import type { MailService } from './service.ts';

export interface MailRoutesDeps {
  service: MailService;
  /** The runner's own doors, so that a mail is approved and denied like everything else. */
  approve(runId: string, actor: string, scopes: readonly Scope[]): Promise<Result<unknown>>;
  deny(runId: string, actor: string): Promise<Result<unknown>>;
}

const base = '/api/v1/mail';
const Id = z.object({ id: z.string().max(64) });
const common = { tag: 'mail', tier: 'standard' } as const;
const actorOf = (identity: Identity): string => `device:${identity.deviceId}`;
const done = <T>(result: Result<T>): T => (result.ok ? result.value : raise(result.fault));
const sendFaults = [
  'mail_disabled',
  'mail_not_configured',
  'mail_bad_address',
  'mail_no_recipient',
  'mail_too_many_recipients',
  'mail_bad_header',
  'mail_bad_body',
  'mail_empty',
  'mail_attachments',
  'mail_bad_key',
  'mail_key_reused',
  'mail_recipient_refused',
  'mail_daily_limit',
  'quota_exhausted',
];
/** 25 MB of attachments in base64, and the rest. */
const bodyLimitBytes = 40_000_000;
const keyShape = /^[\x21-\x7e]{1,200}$/;

/** `/api/v1/mail/*`. */
export function mailRoutes({ service, approve, deny }: MailRoutesDeps): Route[] {
  const status = (path: string, operationId: string): Route =>
    defineRoute({
      ...common,
      method: 'GET',
      path,
      operationId,
      summary: 'Whether mail can be sent, and how much of today is left',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      timeoutMs: 30_000,
      query: z.object({
        check: z
          .enum(['true', 'false'])
          .default('false')
          .meta({ description: 'true: sign in at the mail server now.' }),
      }),
      success: MailStatus,
      faults: [],
      handle: ({ query }) => service.status(query.check === 'true'),
    });
  const send = (path: string, operationId: string, waitS: number): Route =>
    defineRoute({
      ...common,
      method: 'POST',
      path,
      operationId,
      summary: 'Send a mail: it is in the outbox when this answers, and sent where “success” is true',
      scope: 'operate',
      audit: 'mail.send',
      timeoutMs: 60_000,
      bodyLimitBytes,
      body: MailMessage,
      success: MailResult,
      successStatus: 202,
      faults: sendFaults,
      async handle({ body, identity, header, about, signal }) {
        const inHeader = header('idempotency-key');
        if (inHeader !== null && !keyShape.test(inHeader))
          raise(
            fault('invalid', 'mail_bad_key', 'Idempotency-Key: printable ASCII, at most 200 characters.'),
          );
        const key = inHeader ?? body.idempotency_key ?? null;
        const result = await service.send(body, identity, key, body.wait_s ?? waitS, signal);
        about(result.id);
        return result;
      },
    });
  const inbox = (path: string, operationId: string): Route =>
    defineRoute({
      ...common,
      method: 'GET',
      path,
      operationId,
      summary: 'There is none: the relay sends, it never reads a mailbox',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      success: z.object({}),
      faults: ['mail_no_inbox'],
      handle: async () =>
        raise(fault('not-found', 'mail_no_inbox', 'The relay sends mail; it never reads a mailbox.')),
    });
  return [
    status(`${base}/status`, 'getMailStatus'),
    send(`${base}/send`, 'sendMail', 0),
    defineRoute({
      ...common,
      method: 'GET',
      path: `${base}/outbox`,
      operationId: 'listMail',
      summary: 'The outbox, newest first: what waits, what was sent, and dead letters',
      scope: 'read',
      audit: 'none',
      tier: 'light',
      query: z.object({
        state: z
          .string()
          .max(200)
          .transform((text) => text.split(',').filter((word) => word !== ''))
          .pipe(z.array(MailState))
          .optional()
          .meta({ description: 'Only these states, separated by commas.' }),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        before: z.string().max(64).optional(),
      }),
      success: MailPage,
      faults: [],
      handle: ({ query }) => service.list(query.state ?? [], query.limit, query.before ?? null),
    }),
    defineRoute({
      ...common,
      method: 'GET',
      path: `${base}/outbox/:id`,
      operationId: 'getMail',
      summary: 'One mail, with its text as long as that is kept',
      scope: 'operate',
      audit: 'none',
      tier: 'light',
      params: Id,
      success: MailDetail,
      faults: ['mail_not_found'],
      handle: ({ params }) => service.detail(params.id),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/outbox/:id/retry`,
      operationId: 'retryMail',
      summary: 'Send it again now, to those who do not have it',
      scope: 'operate',
      audit: 'mail.retry',
      params: Id,
      body: z
        .strictObject({
          confirm: z.boolean().default(false).meta({ description: 'Although it may arrive twice.' }),
        })
        .prefault({}),
      success: Mail,
      successStatus: 202,
      faults: [
        'mail_not_found',
        'mail_may_arrive_twice',
        'mail_own_decision',
        'mail_not_sendable',
        'mail_daily_limit',
        'quota_exhausted',
      ],
      handle: ({ params, body, identity }) => service.retry(params.id, actorOf(identity), body.confirm),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/outbox/:id/discard`,
      operationId: 'discardMail',
      summary: 'Give it up; its text is deleted',
      scope: 'operate',
      audit: 'mail.discard',
      params: Id,
      success: Mail,
      faults: ['mail_not_found', 'mail_not_discardable'],
      handle: ({ params, identity }) => service.discard(params.id, actorOf(identity)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/outbox/:id/approve`,
      operationId: 'approveMail',
      summary: 'Let a mail go that waits for a person: one who may change the configuration, not who sent it',
      scope: 'config',
      audit: 'mail.approve',
      params: Id,
      success: Mail,
      successStatus: 202,
      faults: ['mail_not_found', 'mail_not_waiting', 'approval_by_another', 'unknown_run', 'run_finished'],
      async handle({ params, identity }) {
        const { runId } = await service.waitingRun(params.id);
        done(await approve(runId, actorOf(identity), identity.scopes));
        return service.find(params.id);
      },
    }),
    defineRoute({
      ...common,
      method: 'POST',
      path: `${base}/outbox/:id/deny`,
      operationId: 'denyMail',
      summary: 'Do not let it go',
      scope: 'operate',
      audit: 'mail.deny',
      params: Id,
      success: Mail,
      faults: ['mail_not_found', 'mail_not_waiting', 'unknown_run', 'run_finished'],
      async handle({ params, identity }) {
        const { runId } = await service.waitingRun(params.id);
        done(await deny(runId, actorOf(identity)));
        return service.denied(params.id, actorOf(identity));
      },
    }),
    // Names of the relay's first clients.
    status('/api/gmail/status', 'getMailStatusSeed'),
    send('/api/gmail/send', 'sendMailSeed', 10),
    inbox('/api/gmail/inbox', 'getMailInboxSeed'),
    status('/gmail/status', 'getMailStatusShort'),
    send('/gmail/send', 'sendMailShort', 10),
    inbox('/gmail/inbox', 'getMailInboxShort'),
  ];
}
