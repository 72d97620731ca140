import type { Outcome } from '@vigiles/contract';
import { isPassive, type RemedyPlan } from '../learn/remedy.ts';

/** Tier 1: what a rule leads to. */
export interface Rule {
  /** Its name in the code, kept in the evidence. */
  name: string;
  /** For people. */
  title: string;
  detail: string;
  /** Tried in this order. */
  remedies: readonly RemedyPlan[];
  /** Tries that may fail before somebody else decides; remedies are repeated up to it, and all of them are tried. */
  tries: number;
  /** Who decides when they did not help. */
  escalateTo: 'ai' | 'person';
  /** For the person. */
  advice: string;
  /** A person wants no automatic action here: nothing learned and no model is asked either. */
  handsOff: boolean;
}

/** What was learned and may be applied by itself. */
export interface Learned {
  remedy: RemedyPlan;
  /** Why it is trusted. */
  why: string;
}

export interface TierFacts {
  /** null: no rule knows this fault. */
  rule: Rule | null;
  /** Tried in this incident, oldest first. */
  tried: readonly { tier: number; remedy: string; outcome: Outcome }[];
  /** Guards stopped tier 1, or it can do no more. */
  exhausted: boolean;
  /** Best first. */
  learned: readonly Learned[];
  ai: { ready: boolean; why: string };
  /** Tier 3 was asked in this incident. */
  asked: boolean;
  /** It is only noted: nobody is called for it. */
  noted: boolean;
}

export type Decision =
  | { kind: 'apply'; tier: 1 | 2; remedy: RemedyPlan; title: string; detail: string; name: string }
  | { kind: 'ask'; why: string }
  | { kind: 'person'; tier: number | null; title: string; detail: string; name: string }
  | { kind: 'watch'; why: string };

/** The tier that decides: rule, then what was learned, then a model, then a person. */
export function decideTier(facts: TierFacts): Decision {
  const { rule, tried, learned } = facts;
  const ofRules = tried.filter(({ tier }) => tier === 1);
  const told = (rule?.remedies ?? []).some(
    (remedy) => isPassive(remedy) && ofRules.some((one) => one.remedy === remedy.id),
  );
  const first = facts.exhausted ? null : nextOfRule(rule, ofRules);
  if (rule && first) {
    const { name, title, detail } = rule;
    return { kind: 'apply', tier: 1, remedy: first, title, detail, name };
  }
  if (rule?.handsOff) return personOf(rule, 1);
  if (facts.noted) return { kind: 'watch', why: 'It is only noted' };
  const known = learned.find(({ remedy }) => tried.every((one) => one.remedy !== remedy.id));
  if (known) {
    const title = 'Learned: this helped before';
    return { kind: 'apply', tier: 2, remedy: known.remedy, title, detail: known.why, name: 'learned' };
  }
  if (told && rule?.escalateTo === 'person') return { kind: 'watch', why: 'A person was told' };
  const wanted = rule === null || rule.escalateTo === 'ai';
  if (wanted && !facts.asked && facts.ai.ready) {
    const why = rule === null ? 'No rule knows this fault' : 'What the rules know did not help';
    return { kind: 'ask', why };
  }
  if (rule) return personOf(rule, ofRules.length > 0 ? null : 1);
  const detail = facts.asked ? 'No usable answer came from the model' : facts.ai.why;
  return { kind: 'person', tier: null, title: 'A person has to look', detail, name: 'nobody_knows' };
}

function nextOfRule(
  rule: Rule | null,
  tried: readonly { remedy: string; outcome: Outcome }[],
): RemedyPlan | null {
  if (!rule || rule.remedies.length === 0) return null;
  const active = rule.remedies.filter((remedy) => !isPassive(remedy));
  const limit = active.length === 0 ? rule.remedies.length : Math.max(rule.tries, rule.remedies.length);
  if (tried.length >= limit) return null;
  return rule.remedies[tried.length] ?? active.at(-1) ?? null;
}

function personOf(rule: Rule, tier: number | null): Decision {
  if (tier === 1) return { kind: 'person', tier, title: rule.title, detail: rule.detail, name: rule.name };
  const detail = rule.advice || 'What the rules know did not help';
  return { kind: 'person', tier, title: 'A person has to look', detail, name: rule.name };
}
