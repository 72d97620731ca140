import type { Seen } from './define-action.ts';
import type { Work } from './targets.ts';

/** A mail of the outbox as an action sees it. */
export interface MailView {
  /** Whom and what, for people. */
  what: string;
  /** A person has to approve it first. */
  approval: boolean;
  /** Until when; UTC milliseconds. */
  approvalUntil: number | null;
  /** Why it must not be sent now; null: it may. */
  refusal: string | null;
}

/** Hands on the outbox, provided by its feature. */
export interface MailTargets {
  /** null: there is no such mail. */
  look(id: string): Promise<MailView | null>;
  /** One try. Throws where it was not sent. @param approvedBy null: nobody had to */
  deliver(id: string, approvedBy: string | null, work: Work): Promise<void>;
  /** What became of it. */
  seen(id: string): Promise<Seen>;
}

/** No outbox to lay hands on. */
export const noMail: MailTargets = {
  look: () => Promise.resolve(null),
  deliver: () => Promise.reject(new Error('there is no outbox here')),
  seen: () => Promise.resolve('unknown'),
};
