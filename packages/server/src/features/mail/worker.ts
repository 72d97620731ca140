import { setTimeout as delay } from 'node:timers/promises';
import type { Mail } from '@vigiles/contract';
import { createWaker } from '../../kernel/waker.ts';
import type { MailTargets } from '../actions/index.ts';
import type { MailAccount } from './account.ts';
import { backoffMs, settle, type Transfer } from './core/outcome.ts';
import { policyOf, refusedBy } from './core/policy.ts';
import type { MailDeps } from './deps.ts';
import type { MailReader } from './reader.ts';
import type { MailStore } from './store.ts';
import type { MailTries } from './tries.ts';
import { composeMail } from './transport/compose.ts';
import { sendMail } from './transport/smtp.ts';

const longestPauseMs = 900_000;
/** How long a mail waits that the action runner did not take. */
const refusedMs = 5000;
/** How long a try may go on when control ends. */
const graceMs = 3000;
const pruneEveryMs = 3_600_000;

export interface WorkerDeps extends MailDeps {
  out: MailStore & MailTries;
  reader: MailReader;
  account: MailAccount;
  deny(runId: string, actor: string): Promise<unknown>;
}

/** Works the outbox off, one mail after the other, each try through the action runner. */
export function createMailWorker(deps: WorkerDeps) {
  const { config, clock, log, out, reader, account, events, request } = deps;
  /** After a refused login nothing is tried until then, however many mails wait. */
  let pause = { until: 0, failures: 0 };
  let pruneAt = 0;
  /** The run under way. */
  let runId: string | null = null;

  const waker = createWaker({
    work,
    onFailure: (thrown) => log.warn({ err: thrown }, 'The outbox could not be worked off; trying again'),
  });

  async function work(): Promise<number | null> {
    await out.recover();
    await upkeep();
    for (;;) {
      const next = await reader.next();
      if (!next || !config().enabled || config().transport === undefined || waker.stopped()) return idleMs();
      const now = clock.now();
      if (account.stuck()) return idleMs();
      if (pause.until > now) return pause.until - now;
      if (next.at > now) return Math.min(next.at - now, idleMs() ?? Infinity);
      await tryOnce(next);
    }
  }

  /** Waits of people end also while nothing is sent. */
  const idleMs = (): number | null => 60_000;

  async function upkeep(): Promise<void> {
    const now = clock.now();
    for (const mail of await reader.awaiting())
      if ((mail.approval_until ?? Infinity) <= now)
        await out.end(mail.id, 'expired', ['awaiting_approval'], 'nobody approved it in time', 'mail');
    if (now < pruneAt) return;
    pruneAt = now + pruneEveryMs;
    await out.prune(now - config().keep_days * 86_400_000);
  }

  async function tryOnce({ id, attempts, deviceId }: { id: string; attempts: number; deviceId: string }) {
    const asked = await request({
      action: 'send_mail',
      target: `mail:${id}`,
      actor: attempts === 0 ? `device:${deviceId}` : 'mail',
      reason: attempts === 0 ? 'a mail was asked for' : 'it did not go through before',
      attempt: attempts + 1,
    });
    if (!asked.ok) return out.postpone(id, clock.now() + refusedMs, asked.fault.message);
    runId = asked.value.run.id;
    // Vigiles was stopped while it was asked for.
    if (waker.stopped()) await deps.deny(runId, 'the shutdown of Vigiles');
    await out
      .setRun(id, runId)
      .catch((thrown: unknown) =>
        log.warn({ err: thrown, mail: id }, 'The run of a mail could not be noted'),
      );
    const run = await asked.value.done;
    runId = null;
    const after = await reader.find(id);
    if (after?.state !== 'queued' || (after.next_at ?? 0) > clock.now()) return;
    if (run.cancelled_by?.startsWith('device:')) {
      await out.end(id, 'denied', ['queued'], `cancelled by ${run.cancelled_by}`, run.cancelled_by);
      return;
    }
    await out.postpone(id, clock.now() + refusedMs, run.message);
  }

  /** Why a mail must not leave now; asked again directly before each try, since people may have changed their mind. */
  function refusalOf(mail: Mail): string | null {
    const settings = config();
    if (!settings.enabled) return 'the mail relay is switched off (mail.enabled)';
    const refused = refusedBy(
      policyOf(settings, mail.device_id),
      mail.recipients.map(({ address }) => address),
    );
    if (refused.length > 0)
      return `mail.recipients does not allow ${mail.device_name} ${refused.length} of its recipients any more`;
    const found = account.current();
    return typeof found === 'string' ? found : null;
  }

  /** A claimed mail is always settled: what breaks in here is an answer too. */
  async function transferOf(mail: Mail, signal: AbortSignal): Promise<Transfer> {
    let begun = false;
    try {
      return await give(mail, signal, async () => (begun = await out.dataBegins(mail.id)));
    } catch (thrown) {
      log.error({ err: thrown, mail: mail.id }, 'A mail could not be given to its server');
      const reason = 'an error inside Vigiles ended it; the log has the cause';
      return begun
        ? { kind: 'uncertain', reason }
        : { kind: 'unreached', reason, reply: null, account: false };
    }
  }

  async function give(
    mail: Mail,
    signal: AbortSignal,
    dataBegins: () => Promise<boolean>,
  ): Promise<Transfer> {
    const found = account.current();
    const content = await reader.content(mail.id);
    if (typeof found === 'string' || content === null)
      return {
        kind: 'unreached',
        reason: typeof found === 'string' ? found : 'its text is not kept any more',
        reply: null,
        account: false,
      };
    const message = await composeMail(mail, content, found.from);
    const to = mail.recipients.filter(({ state }) => state === 'pending').map(({ address }) => address);
    const transfer = await sendMail(account.workOf(found, signal), {
      from: found.from.address,
      to,
      message,
      dataBegins,
    });
    // Another account by now: it is not judged by this.
    if (!account.isCurrent(found) || waker.stopped()) return transfer;
    if (transfer.kind === 'unreached' && transfer.account) {
      account.fails(found, transfer.reason);
      pause = {
        failures: pause.failures + 1,
        until:
          clock.now() +
          Math.min(longestPauseMs, backoffMs(pause.failures + 1, config().retry_first_s * 1000)),
      };
    } else if (transfer.kind !== 'unreached') {
      account.works();
      pause = { until: 0, failures: 0 };
    }
    return transfer;
  }

  const targets: MailTargets = {
    async look(id) {
      const mail = await reader.find(id);
      if (!mail) return null;
      const count = mail.recipients.length;
      const waits = mail.state === 'awaiting_approval';
      const wrongState = mail.state === 'queued' || waits ? null : `it is ${mail.state.replaceAll('_', ' ')}`;
      return {
        // Journaled with the run: what is in it stands in the outbox only.
        what: `${mail.id} of ${mail.device_name} to ${count === 1 ? 'one recipient' : `${count} recipients`}`,
        approval: waits,
        approvalUntil: mail.approval_until,
        refusal: wrongState ?? refusalOf(mail),
      };
    },
    async deliver(id, approvedBy, { signal, note }) {
      const mail = await out.claim(id, approvedBy);
      if (!mail) throw new Error('it is not to be sent any more');
      // Once more, now that nobody else can take it: it may have been switched off meanwhile.
      const refusal = refusalOf(mail);
      const transfer: Transfer =
        refusal === null
          ? await transferOf(mail, signal)
          : { kind: 'unreached', reason: refusal, reply: null, account: true };
      // Cut off by the end of control it is no failed try: the next control sends it.
      const cut = transfer.kind === 'unreached' && signal.aborted && waker.stopped();
      if (cut) {
        await out.giveBack(id);
        throw new Error(transfer.reason);
      }
      const spared = transfer.kind === 'unreached' && transfer.account;
      const attempts = mail.attempts + (spared ? 0 : 1);
      const settings = config();
      const outcome = settle(mail.recipients, transfer, {
        attempts,
        ageMs: clock.now() - (await reader.triedSince(id)),
        retryFirstMs: settings.retry_first_s * 1000,
        maxAttempts: settings.max_attempts,
        giveUpMs: settings.give_up_after_s * 1000,
      });
      const after = await out.settle(id, outcome, attempts);
      note(`it is ${outcome.state.replaceAll('_', ' ')}`, { reason: outcome.reason, code: outcome.code });
      if (after) await tell(after);
      if (outcome.state !== 'sent' && outcome.state !== 'uncertain')
        throw new Error(outcome.reason || 'not sent');
    },
    async seen(id) {
      const state = (await reader.find(id))?.state;
      return state === 'sent'
        ? 'fixed'
        : state === 'uncertain' || state === 'sending'
          ? 'unknown'
          : 'not_fixed';
    },
  };

  /** What needs a person, each once. */
  async function tell({ id, state, reason, device_name: device }: Mail): Promise<void> {
    const titles: Partial<Record<Mail['state'], string>> = {
      failed: 'A mail could not be sent',
      partly_sent: 'A mail did not reach everybody',
      uncertain: 'Nobody knows whether a mail was sent',
    };
    const title = titles[state];
    if (title === undefined) return;
    await events.append('alert.raised', {
      actor: 'mail',
      subject: id,
      data: { severity: 'warning', title, message: `${device}: ${reason}`, incident_id: null },
    });
  }

  return {
    targets,
    wake: (): void => waker.wake(),
    /**
     * Lets the try under way come to its answer for a while, then ends it: what the server has not got waits for the next start,
     * and of what it has nobody would know whether it was taken.
     */
    async stop(): Promise<void> {
      const ended = waker.stop();
      const grace = new AbortController();
      await Promise.race([ended, delay(graceMs, undefined, { signal: grace.signal })]);
      grace.abort();
      if (runId !== null) await deps.deny(runId, 'the shutdown of Vigiles');
      await ended;
    },
    /** A person wants it now, or the account is another one. */
    wakeNow(): void {
      pause = { until: 0, failures: 0 };
      waker.wake();
    },
  };
}
