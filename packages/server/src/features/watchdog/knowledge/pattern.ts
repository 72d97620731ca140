import type { KnownPattern, RemedyStep, TargetClass } from '@vigiles/contract';
import { counted, faded, flipped, newTally, rateOf, trustOf, type Tally } from '../core/learn/evidence.ts';
import type { Fingerprint } from '../core/learn/fingerprint.ts';
import type { RemedyPlan } from '../core/learn/remedy.ts';
import type { Learned } from '../core/respond/decide-tier.ts';

export interface StoredRemedy {
  id: string;
  steps: RemedyStep[];
  tally: Tally;
  tier: number | null;
  promoted: boolean;
  lastAt: number;
}

/** What is stored of a pattern. */
export interface StoredPattern {
  fingerprint: string;
  fault: string;
  targetClass: TargetClass;
  version: string | null;
  template: string;
  occurrences: number;
  firstAt: number;
  lastAt: number;
  pinned: boolean;
  /** `yes`: it was over by itself. Only times when nothing was done are counted. */
  self: Tally;
  remedies: StoredRemedy[];
}

/** A pattern cannot fill the memory with what models or people thought of. */
const maxRemedies = 12;

export const newPattern = (seen: Fingerprint, now: number): StoredPattern => ({
  fingerprint: seen.id,
  fault: seen.fault,
  targetClass: seen.targetClass,
  version: seen.version,
  template: seen.template,
  occurrences: 0,
  firstAt: now,
  lastAt: now,
  pinned: false,
  self: newTally(now),
  remedies: [],
});

function remedyIn(pattern: StoredPattern, plan: RemedyPlan, tier: number | null, now: number): StoredRemedy {
  const known = pattern.remedies.find(({ id }) => id === plan.id);
  if (known) return known;
  const made: StoredRemedy = {
    id: plan.id,
    steps: plan.steps,
    tally: newTally(now),
    tier,
    promoted: false,
    lastAt: now,
  };
  pattern.remedies.push(made);
  if (pattern.remedies.length > maxRemedies) {
    const oldest = pattern.remedies
      .filter((one) => one !== made && !one.promoted)
      .toSorted((a, b) => a.lastAt - b.lastAt)[0];
    if (oldest) pattern.remedies.splice(pattern.remedies.indexOf(oldest), 1);
  }
  return made;
}

/** Counts a verified outcome. */
export function countOutcome(
  pattern: StoredPattern,
  plan: RemedyPlan,
  tier: number | null,
  fixed: boolean,
  now: number,
): void {
  const remedy = remedyIn(pattern, plan, tier, now);
  remedy.tally = counted(remedy.tally, fixed, now);
  remedy.lastAt = now;
}

/** A success that did not last is a failure. */
export function takeBack(pattern: StoredPattern, remedyId: string, now: number): void {
  const remedy = pattern.remedies.find(({ id }) => id === remedyId);
  if (remedy) remedy.tally = flipped(remedy.tally, now);
}

/** What may be applied by itself, the surest first. */
export function learnedFrom(pattern: StoredPattern, now: number): Learned[] {
  return pattern.remedies
    .map((remedy) => ({ remedy, trust: trustOf(remedy.tally, pattern.self, remedy.promoted, now) }))
    .filter(({ trust }) => trust.auto)
    .toSorted(
      (a, b) => Number(b.remedy.promoted) - Number(a.remedy.promoted) || b.trust.lower - a.trust.lower,
    )
    .map(({ remedy: { id, steps }, trust }) => ({ remedy: { id, steps }, why: trust.why }));
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** A pattern as people see it. */
export function patternView(pattern: StoredPattern, now: number): KnownPattern {
  const self = faded(pattern.self, now);
  return {
    fingerprint: pattern.fingerprint,
    fault: pattern.fault,
    target_class: pattern.targetClass,
    version: pattern.version,
    template: pattern.template,
    occurrences: pattern.occurrences,
    first_at: pattern.firstAt,
    last_at: pattern.lastAt,
    pinned: pattern.pinned,
    self: { recovered: round(self.yes), observed: round(self.yes + self.no), rate: rateOf(self) },
    remedies: pattern.remedies.map((remedy) => {
      const { yes, no } = faded(remedy.tally, now);
      const { auto, lower, upper, why } = trustOf(remedy.tally, pattern.self, remedy.promoted, now);
      return {
        id: remedy.id,
        steps: remedy.steps,
        fixed: round(yes),
        not_fixed: round(no),
        rate: rateOf({ yes, no, at: now }),
        lower: round(lower),
        upper: round(upper),
        tier: remedy.tier,
        promoted: remedy.promoted,
        auto,
        why,
        last_at: remedy.lastAt,
      };
    }),
  };
}
