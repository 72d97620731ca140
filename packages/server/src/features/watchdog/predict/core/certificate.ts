import type { Foresight } from './foresee.ts';

const dayMs = 86_400_000;
/** Renewal is due a third of its life before the end; what is not renewed a week later will not be. */
const usualDays = 21;

export interface CertificateFacts {
  daysLeft: number;
  /** How long it is valid altogether; null: not known. */
  lifeDays: number | null;
  /** With fewer the check itself fails. */
  failsBelowDays: number;
}

/**
 * Foresees the end of a certificate that nobody renews. A short-lived one is renewed late by design, so the time depends on
 * its life; and it is always said before its check fails.
 */
export function foreseeExpiry({ daysLeft, lifeDays, failsBelowDays }: CertificateFacts): Foresight | null {
  const life = lifeDays ?? Number.POSITIVE_INFINITY;
  const before = failsBelowDays > 0 ? failsBelowDays + Math.min(7, life / 10) : 0;
  if (daysLeft < 0 || daysLeft > Math.max(Math.min(usualDays, life / 4), before)) return null;
  const left = daysLeft * dayMs;
  return { timeLeftMs: left, earliestMs: left, latestMs: left, confidence: 1, value: daysLeft };
}
