import type { MailStatus, MailTransportConfig } from '@vigiles/contract';
import { readMailbox, type Mailbox } from './core/address.ts';
import type { MailDeps } from './deps.ts';
import { createGmailTokens } from './transport/gmail-token.ts';
import { tryLogin, type SmtpWork } from './transport/smtp.ts';

/** A look at the account is believed for so long. */
const freshMs = 600_000;
const lookMs = 15_000;

/** Everything that sending needs, its secrets filled in. */
export interface Account {
  transport: MailTransportConfig;
  from: Mailbox;
}

type Health = { at: number; status: MailStatus['status']; problem: string | null };

/** The account that mail leaves by: how it is set up, and whether it works. */
export function createAccount({ config, resolve, egress, clock, events, log }: MailDeps) {
  const tokens = createGmailTokens(egress, clock.now);
  let health: Health | null = null;
  let looking: Promise<void> | null = null;
  /** What the last look was at: another account is not judged by it. */
  let looked = '';

  /** The account as configured; a text says what is missing. */
  function current(): Account | string {
    const { transport, from } = config();
    if (!transport) return 'mail.transport is not set';
    try {
      const filled = Object.fromEntries(
        Object.entries(transport).map(([key, value]) => [
          key,
          typeof value === 'string' ? resolve(value) : value,
        ]),
      ) as MailTransportConfig;
      const sender = readMailbox(from ?? (filled.type === 'gmail' ? filled.user : (filled.username ?? '')));
      return typeof sender === 'string' ? `mail.from: ${sender}` : { transport: filled, from: sender };
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : 'a reference could not be filled in';
    }
  }

  const isCurrent = (account: Account): boolean => JSON.stringify(current()) === JSON.stringify(account);

  const workOf = ({ transport }: Account, signal: AbortSignal, anew = false): SmtpWork => ({
    transport,
    egress,
    tokens,
    timeoutMs: config().timeout_s * 1000,
    signal,
    anew,
  });

  /** Writes down how it does; people are told when that changes, once. */
  function saw(status: Health['status'], problem: string | null): void {
    const before = health?.status ?? 'authenticated';
    health = { at: clock.now(), status, problem };
    if ((before === 'authenticated') === (status === 'authenticated') && before === status) return;
    const works = status === 'authenticated';
    events
      .append('alert.raised', {
        actor: 'mail',
        subject: 'mail',
        data: {
          severity: works ? 'info' : 'warning',
          title: works ? 'Mail can be sent again' : 'Mail cannot be sent',
          message: problem ?? 'The mail server takes the login again.',
          incident_id: null,
        },
      })
      .catch((thrown: unknown) => log.error({ err: thrown }, 'An alert could not be recorded'));
  }

  const failureOf = (account: Account, reason: string): void =>
    saw(
      account.transport.type === 'gmail' && reason.includes('invalid_grant') ? 'token_expired' : 'error',
      reason,
    );

  async function look(anew: boolean): Promise<void> {
    const account = current();
    if (typeof account === 'string') return;
    const failure = await tryLogin(workOf(account, AbortSignal.timeout(lookMs), anew));
    if (!isCurrent(account)) return look(anew);
    if (failure) failureOf(account, failure.reason);
    else saw('authenticated', null);
  }

  return {
    current,
    /** Whether mail still leaves by it. */
    isCurrent,
    workOf,
    works: () => saw('authenticated', null),
    fails: failureOf,
    /** Forgets what was seen: it is looked at anew. */
    forget(): void {
      const { transport, from } = config();
      const now = JSON.stringify([transport, from]);
      if (now !== looked) health = null;
      looked = now;
    },
    /** How it does; looks where that is not known or long ago. @param anew a person wants to know now */
    async health(anew = false): Promise<{ status: Health['status']; problem: string | null }> {
      const account = current();
      if (typeof account === 'string') {
        const configured = config().transport !== undefined;
        return { status: configured ? 'error' : 'not_configured', problem: account };
      }
      if (anew || health === null || clock.now() - health.at > freshMs) {
        looking ??= look(anew).finally(() => (looking = null));
        await looking;
      }
      return health ?? { status: 'error', problem: 'it was not looked at yet' };
    },
    /** The account refuses us for good: nothing is tried until it is another one, or a person asks. */
    stuck: (): boolean => health?.status === 'token_expired',
  };
}

export type MailAccount = ReturnType<typeof createAccount>;
