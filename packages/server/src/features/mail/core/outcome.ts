import type { MailRecipient, MailState } from '@vigiles/contract';
import { explain, readReply, verdictOf, type Reply } from './reply.ts';

/** What one try came to. */
export type Transfer =
  /** The server has answered for each recipient. */
  | {
      kind: 'answered';
      taken: readonly string[];
      answers: readonly { address: string; reply: Reply }[];
      last: Reply;
    }
  /** Nothing of the mail was given to it. `account`: the login or the encryption is refused, not this mail. */
  | { kind: 'unreached'; reason: string; reply: Reply | null; account: boolean }
  /** It had all of it and said nothing. */
  | { kind: 'uncertain'; reason: string };

export interface Outcome {
  state: MailState;
  recipients: MailRecipient[];
  reason: string;
  code: string | null;
  /** From now, ms; null: it is not tried again. */
  retryMs: number | null;
}

export interface TryFacts {
  /** This one included. */
  attempts: number;
  ageMs: number;
  retryFirstMs: number;
  maxAttempts: number;
  giveUpMs: number;
}

/** Doubles with each try, at most an hour. */
export const backoffMs = (attempts: number, firstMs: number): number =>
  Math.min(3_600_000, firstMs * 2 ** Math.min(20, Math.max(0, attempts - 1)));

/** What becomes of a mail after a try. Recipients that have it are never written to again. */
export function settle(before: readonly MailRecipient[], transfer: Transfer, facts: TryFacts): Outcome {
  const waitMs = backoffMs(facts.attempts, facts.retryFirstMs);
  const exhausted = facts.attempts >= facts.maxAttempts || facts.ageMs + waitMs > facts.giveUpMs;
  if (transfer.kind === 'uncertain')
    return {
      state: 'uncertain',
      recipients: [...before],
      reason: transfer.reason,
      code: null,
      retryMs: null,
    };
  if (transfer.kind === 'unreached') {
    const { reason, reply } = transfer;
    const code = reply?.code ?? null;
    if (!exhausted) return { state: 'queued', recipients: [...before], reason, code, retryMs: waitMs };
    const state = before.some((one) => one.state === 'taken') ? 'partly_sent' : 'failed';
    return {
      state,
      recipients: [...before],
      reason: `${reason}; given up after ${facts.attempts} tries`,
      code,
      retryMs: null,
    };
  }
  const { taken, answers, last } = transfer;
  const recipients = before.map((one): MailRecipient => {
    if (one.state !== 'pending') return one;
    if (taken.includes(one.address)) return { ...one, state: 'taken', reply: last.text };
    const reply = answers.find(({ address }) => address === one.address)?.reply ?? last;
    return {
      ...one,
      state: verdictOf(reply) === 'never' || exhausted ? 'refused' : 'pending',
      reply: reply.text,
    };
  });
  const open = recipients.filter(({ state }) => state === 'pending');
  const refused = recipients.filter(({ state }) => state === 'refused');
  const [first] = [...open, ...refused];
  const told = first ? readReply(first.reply) : last;
  if (open.length > 0)
    return { state: 'queued', recipients, reason: explain(told), code: told.code, retryMs: waitMs };
  const reached = recipients.some(({ state }) => state === 'taken');
  if (refused.length === 0) return { state: 'sent', recipients, reason: '', code: last.code, retryMs: null };
  const gone = exhausted && verdictOf(told) === 'later' ? `; given up after ${facts.attempts} tries` : '';
  return {
    state: reached ? 'partly_sent' : 'failed',
    recipients,
    reason: `${refused.length} of ${recipients.length} recipients: ${explain(told)}${gone}`,
    code: told.code,
    retryMs: null,
  };
}
