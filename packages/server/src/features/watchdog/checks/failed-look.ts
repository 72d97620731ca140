import type { CheckFacts } from '@vigiles/contract';
import { redactText } from '../../actions/index.ts';
import type { Look } from './define-check.ts';

type Failed = Extract<Look, { ok: false }>;

const longestReason = 300;

/** Errors of our own machine, by code: errno(3), and EAI_AGAIN of getaddrinfo(3). */
const ourCodes = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
]);

/** Whether an error tells of our own machine, not of the target. */
export const isOurError = (thrown: unknown): boolean =>
  ourCodes.has((thrown as { code?: string } | null)?.code ?? '');

/** Thrown where a look fails for a reason of ours, which its message says. */
export class OwnTrouble extends Error {}

/** It answered, wrongly. What the target wrote into the reason is hostile and may hold secrets. */
export const unhealthy = (reason: string, facts?: CheckFacts): Failed => ({
  ok: false,
  reason: redactText(reason).slice(0, longestReason),
  timedOut: false,
  ours: false,
  dead: false,
  ...(facts ? { facts } : {}),
});

/** We cannot tell: that is not the target’s fault. */
export const cannotTell = (reason: string, facts?: CheckFacts): Failed => ({
  ...unhealthy(reason, facts),
  ours: true,
});

/** The process it is about does not run. */
export const gone = (reason: string, facts?: CheckFacts): Failed => ({
  ...unhealthy(reason, facts),
  dead: true,
});

export const noAnswer = (facts?: CheckFacts): Failed => ({
  ...unhealthy('no answer in time', facts),
  timedOut: true,
});

/** A failed look from what was thrown. */
export function failedLook(thrown: unknown, signal: AbortSignal): Failed {
  if (signal.aborted) return noAnswer();
  if (thrown instanceof OwnTrouble) return cannotTell(thrown.message);
  const { code, message, everywhere } = causeOf(thrown);
  const text = String(message ?? thrown);
  const reason = code !== undefined && !text.startsWith(code) ? `${code}: ${text}` : text;
  const refused = code === 'ECONNREFUSED' && everywhere;
  return { ...unhealthy(reason), ours: ourCodes.has(code ?? ''), ...(refused ? { refused } : {}) };
}

interface Cause {
  code?: string;
  message?: string;
}

/** Happy eyeballs throws an AggregateError without a message: its first error says why, the others whether it is all of it. */
function causeOf(thrown: unknown): Cause & { everywhere: boolean } {
  const error = (thrown ?? {}) as Cause & { errors?: Cause[] };
  const [first] = error.errors ?? [];
  if (error.message || !first) return { ...codeAndMessage(error), everywhere: true };
  const everywhere = (error.errors ?? []).every(({ code }) => code === first.code);
  return { ...codeAndMessage(first), everywhere };
}

/** They are not an error’s own, so that a copy would lose them. */
const codeAndMessage = ({ code, message }: Cause): Cause => ({
  ...(code === undefined ? {} : { code }),
  ...(message === undefined ? {} : { message }),
});
