import type { FailureCause } from '@vigiles/contract';
import { causeRules, FORGET_MS, LONGEST_NAMED_MS, PROBE_MS, PROBING_RETRY_MS } from './rules.ts';

/** One cause at one place. Times are UTC ms; 0 is never. */
export interface Trouble {
  readonly cause: FailureCause;
  /** In a row. */
  failures: number;
  failedAt: number;
  /** When the circuit opened; 0: it is closed. Times it has opened since the last success. */
  openedAt: number;
  openings: number;
  coolingUntil: number;
  /** Until when the provider itself asked to be left alone. */
  namedUntil: number;
  /** Until when the one turn that tries it out has the place to itself. */
  probeUntil: number;
  message: string;
  /** Whether the rest of the house was told that it is open. */
  announced: boolean;
}

/** How one model of one provider does; `wide` is the provider as a whole. */
export interface HealthEntry {
  readonly provider: string;
  readonly model: string;
  readonly wide: HealthEntry | null;
  latencyMs: number | null;
  /** Few: at most one for each cause. Empty nearly always. */
  troubles: Trouble[];
}

/** Why an entry is not to be used now. `until`: when to look again. */
export interface Block {
  cause: FailureCause;
  until: number;
  probing: boolean;
  /** Somebody wants it left alone, whatever it does. */
  held?: boolean;
}

/** Weight of the newest turn in the moving average. */
const ALPHA = 0.25;

/** The reason not to use it that lasts longest; null: it may be used. A circuit that has cooled lets one turn in. */
export function blockOf(entry: HealthEntry, now: number): Block | null {
  let worst = entry.wide ? blockOf(entry.wide, now) : null;
  for (const trouble of entry.troubles) {
    if (trouble.openedAt === 0) continue;
    const probing = trouble.coolingUntil <= now;
    if (probing && trouble.probeUntil <= now) continue;
    const until = probing ? now + PROBING_RETRY_MS : trouble.coolingUntil;
    if (!worst || until > worst.until) worst = { cause: trouble.cause, until, probing };
  }
  return worst;
}

/** Until when the provider asked to be left alone, or 0. */
export function namedWaitOf(entry: HealthEntry): number {
  let until = entry.wide ? namedWaitOf(entry.wide) : 0;
  for (const trouble of entry.troubles) until = Math.max(until, trouble.namedUntil);
  return until;
}

/** Failures in a row, whatever the cause; what lies long back no longer counts. */
export function failuresOf(entry: HealthEntry, now: number): number {
  let failures = entry.wide ? failuresOf(entry.wide, now) : 0;
  for (const trouble of entry.troubles) if (now - trouble.failedAt < FORGET_MS) failures += trouble.failures;
  return failures;
}

/** Takes the one place to try a cooled circuit out. Call it right after `blockOf` said null. */
export function claimProbe(entry: HealthEntry, now: number): void {
  for (const trouble of entry.troubles) if (trouble.openedAt !== 0) trouble.probeUntil = now + PROBE_MS;
  if (entry.wide) claimProbe(entry.wide, now);
}

/** Gives it back: the turn ended without saying anything about the provider. */
export function releaseProbe(entry: HealthEntry): void {
  for (const trouble of entry.troubles) trouble.probeUntil = 0;
  if (entry.wide) releaseProbe(entry.wide);
}

/** A completed turn. @returns the troubles that are over and had opened the circuit */
export function noteSuccess(entry: HealthEntry, latencyMs: number): Trouble[] {
  entry.latencyMs =
    entry.latencyMs === null ? latencyMs : entry.latencyMs + ALPHA * (latencyMs - entry.latencyMs);
  if (entry.troubles.length === 0) return NONE;
  const over = entry.troubles.filter(({ openedAt }) => openedAt !== 0);
  entry.troubles = [];
  return over;
}

const NONE: Trouble[] = [];

/**
 * A failed attempt.
 * @param namedMs how long the provider asked to be left alone
 * @returns the trouble, when this failure opened the circuit or opened it again
 */
export function noteFailure(
  entry: HealthEntry,
  now: number,
  failure: { cause: FailureCause; namedMs: number | undefined; message: string },
): Trouble | null {
  const trouble = troubleOf(entry, failure.cause);
  const rule = causeRules[failure.cause];
  trouble.failures = now - trouble.failedAt < FORGET_MS ? trouble.failures + 1 : 1;
  trouble.failedAt = now;
  trouble.message = failure.message.slice(0, MAX_MESSAGE);
  const named = failure.namedMs === undefined ? 0 : now + Math.min(failure.namedMs, LONGEST_NAMED_MS);
  trouble.namedUntil = Math.max(trouble.namedUntil, named);
  // Turns that were under way together fail together: only the first of them counts as an opening.
  if (trouble.coolingUntil > now) {
    trouble.coolingUntil = Math.max(trouble.coolingUntil, named);
    return null;
  }
  const wasOpen = trouble.openedAt !== 0;
  if (!wasOpen && trouble.failures < rule.opensAt && named === 0) return null;
  trouble.openings += 1;
  trouble.probeUntil = 0;
  const own = Math.min(rule.maxMs, rule.coolMs * 2 ** Math.min(trouble.openings - 1, 10));
  trouble.coolingUntil = named > now ? named : now + own;
  if (!wasOpen) trouble.openedAt = now;
  return trouble;
}

/** Longest error text kept. */
const MAX_MESSAGE = 300;

function troubleOf(entry: HealthEntry, cause: FailureCause): Trouble {
  const known = entry.troubles.find((trouble) => trouble.cause === cause);
  if (known) return known;
  const fresh: Trouble = {
    cause,
    failures: 0,
    failedAt: 0,
    openedAt: 0,
    openings: 0,
    coolingUntil: 0,
    namedUntil: 0,
    probeUntil: 0,
    message: '',
    announced: false,
  };
  entry.troubles.push(fresh);
  return fresh;
}
