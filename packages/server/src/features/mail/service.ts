import { createHash } from 'node:crypto';
import type {
  Identity,
  Mail,
  MailMessage,
  MailPage,
  MailResult,
  MailState,
  MailStatus,
} from '@vigiles/contract';
import { fault, raise } from '../../kernel/fault.ts';
import type { MailAccount } from './account.ts';
import { checkMessage, type CheckedMail } from './core/message.ts';
import { policyOf, refusedBy } from './core/policy.ts';
import type { MailDeps } from './deps.ts';
import type { MailReader } from './reader.ts';
import type { MailStore, Put } from './store.ts';

export interface MailServiceDeps extends MailDeps {
  out: MailStore;
  reader: MailReader;
  account: MailAccount;
  /** There is something to do; a person asked for it. */
  wake(): void;
  ask(mail: Mail): Promise<void>;
}

/** States in which a caller that waits need not wait longer. */
const settled = new Set<MailState>([
  'sent',
  'partly_sent',
  'uncertain',
  'failed',
  'denied',
  'expired',
  'discarded',
  'awaiting_approval',
]);

const unknown = (id: string) => raise(fault('not-found', 'mail_not_found', `There is no mail “${id}”.`));
const digestOf = (mail: CheckedMail): string =>
  createHash('sha256').update(JSON.stringify(mail)).digest('hex');

/** What people and devices ask of the relay. */
export function createMailService(deps: MailServiceDeps) {
  const { config, clock, newId, events, out, reader, account, wake, ask } = deps;

  const resultOf = (mail: Mail): MailResult => ({
    success: mail.state === 'sent',
    message_id: mail.message_id,
    error: ['queued', 'sending', 'sent', 'awaiting_approval'].includes(mail.state) ? null : mail.reason,
    timestamp: new Date(clock.now()).toISOString(),
    id: mail.id,
    state: mail.state,
  });

  function answered(put: Put, count: number): Mail {
    if (put.kind === 'other')
      return raise(
        fault(
          'conflict',
          'mail_key_reused',
          'This idempotency key was used for another mail; take a new one.',
        ),
      );
    if (put.kind === 'full')
      return raise(
        fault(
          'rate-limited',
          'mail_daily_limit',
          `${count} recipients, but ${put.left} are left of today (mail.daily_limit).`,
          { retryAfterMs: 86_400_000 - (clock.now() % 86_400_000), details: { remaining: put.left } },
        ),
      );
    return put.mail;
  }

  /** Waits until something came of it, or the time is over. */
  async function outcomeOf(mail: Mail, seconds: number, signal: AbortSignal): Promise<Mail> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(seconds * 1000))]);
    let changed = Promise.withResolvers<void>();
    const unsubscribe = events.subscribe((event) => {
      if (event.type === 'mail.changed' && event.subject === mail.id) changed.resolve();
    });
    const over = () => changed.resolve();
    deadline.addEventListener('abort', over, { once: true });
    try {
      for (;;) {
        const now = (await reader.find(mail.id)) ?? mail;
        const tried = now.state === 'queued' && now.attempts > 0;
        if (settled.has(now.state) || tried || deadline.aborted) return now;
        await changed.promise;
        changed = Promise.withResolvers<void>();
        if (deadline.aborted) changed.resolve();
      }
    } finally {
      deadline.removeEventListener('abort', over);
      unsubscribe();
    }
  }

  return {
    async send(
      message: MailMessage,
      identity: Identity,
      key: string | null,
      waitS: number,
      signal: AbortSignal,
    ): Promise<MailResult> {
      const settings = config();
      if (!settings.enabled)
        raise(
          fault('unavailable', 'mail_disabled', 'The mail relay is switched off (mail.enabled).', {
            retryable: false,
          }),
        );
      const found = account.current();
      if (typeof found === 'string')
        return raise(fault('unavailable', 'mail_not_configured', `${found}.`, { retryable: false }));
      const mail = checkMessage(message, settings);
      if ('code' in mail) return raise(fault('invalid', mail.code, mail.message));
      const digest = digestOf(mail);
      // What was accepted before keeps its answer, whatever the rules say by now.
      const before = key === null ? null : await out.known(identity.deviceId, key, digest);
      if (before) return resultOf(await outcomeOf(answered(before, 0), waitS, signal));
      const policy = policyOf(settings, identity.deviceId);
      const refused = refusedBy(
        policy,
        mail.recipients.map(({ address }) => address),
      );
      if (refused.length > 0)
        raise(
          fault(
            'forbidden',
            'mail_recipient_refused',
            policy.allow.length === 0
              ? `The device ${identity.deviceId} may write to nobody: name it in mail.recipients.`
              : `The device ${identity.deviceId} may not write to ${refused.join(', ')} (mail.recipients).`,
            { details: { refused } },
          ),
        );
      const id = newId('mail');
      const domain = found.from.address.slice(found.from.address.lastIndexOf('@') + 1);
      const put = await out.put({
        id,
        messageId: `<${id}@${domain}>`,
        device: { id: identity.deviceId, name: identity.name },
        mail,
        key,
        digest,
        approvalUntil: policy.approval ? clock.now() + settings.approval_expires_s * 1000 : null,
        dailyLimit: settings.daily_limit,
      });
      const entry = answered(put, mail.recipients.length);
      if (put.kind === 'new' && entry.state === 'awaiting_approval') await ask(entry);
      else wake();
      return resultOf(await outcomeOf(entry, waitS, signal));
    },

    async status(anew: boolean): Promise<MailStatus> {
      const settings = config();
      const [health, today, outbox] = await Promise.all([
        account.health(anew),
        reader.today(),
        reader.counts(),
      ]);
      const found = account.current();
      if (anew) wake();
      return {
        status: health.status,
        configured: typeof found !== 'string',
        authenticated: health.status === 'authenticated',
        emails_sent_today: today.taken,
        daily_limit: settings.daily_limit,
        remaining: Math.max(0, settings.daily_limit - today.used),
        enabled: settings.enabled,
        transport: settings.transport?.type ?? null,
        from: typeof found === 'string' ? null : found.from.address,
        host: settings.transport?.host ?? null,
        problem: settings.enabled ? health.problem : (health.problem ?? 'mail.enabled is off'),
        outbox,
      };
    },

    list: (states: readonly MailState[], limit: number, before: string | null): Promise<MailPage> =>
      reader.list({ states, limit, before }),
    detail: async (id: string) => (await reader.detail(id)) ?? unknown(id),

    /** A person has it sent again, for those who do not have it. */
    async retry(id: string, actor: string, confirmed: boolean): Promise<Mail> {
      const mail = (await reader.find(id)) ?? unknown(id);
      if (mail.state === 'uncertain' && !confirmed)
        raise(
          fault(
            'conflict',
            'mail_may_arrive_twice',
            'It may have arrived already; say “confirm” to send it all the same.',
          ),
        );
      if (mail.state === 'uncertain' && actor === `device:${mail.device_id}`)
        raise(
          fault(
            'forbidden',
            'mail_own_decision',
            'Whether it is sent again decides somebody else than who sent it.',
          ),
        );
      const again = await out.again(id, actor, config().daily_limit);
      if (typeof again === 'number')
        raise(fault('rate-limited', 'mail_daily_limit', `Only ${again} recipients are left of today.`));
      if (again === null)
        return raise(
          fault(
            'conflict',
            'mail_not_sendable',
            `It cannot be sent again: it is ${mail.state.replaceAll('_', ' ')}.`,
          ),
        );
      wake();
      return again;
    },

    async discard(id: string, actor: string): Promise<Mail> {
      const mail = (await reader.find(id)) ?? unknown(id);
      const gone = await out.end(
        id,
        'discarded',
        ['queued', 'failed', 'uncertain', 'partly_sent'],
        `discarded by ${actor}`,
        actor,
      );
      return (
        gone ??
        raise(
          fault(
            'conflict',
            'mail_not_discardable',
            `It is ${mail.state.replaceAll('_', ' ')}; nothing of it waits.`,
          ),
        )
      );
    },

    /** The run that waits for an approval of this mail. */
    async waitingRun(id: string): Promise<{ mail: Mail; runId: string }> {
      const mail = (await reader.find(id)) ?? unknown(id);
      if (mail.state !== 'awaiting_approval' || mail.run_id === null)
        return raise(
          fault(
            'conflict',
            'mail_not_waiting',
            `It does not wait for an approval: it is ${mail.state.replaceAll('_', ' ')}.`,
          ),
        );
      return { mail, runId: mail.run_id };
    },
    find: async (id: string): Promise<Mail> => (await reader.find(id)) ?? unknown(id),
    /** Its run was denied: written down at once, whoever was told of that first. */
    async denied(id: string, actor: string): Promise<Mail> {
      const gone = await out.end(id, 'denied', ['awaiting_approval'], `denied by ${actor}`, actor);
      return gone ?? (await reader.find(id)) ?? unknown(id);
    },
  };
}

export type MailService = ReturnType<typeof createMailService>;
