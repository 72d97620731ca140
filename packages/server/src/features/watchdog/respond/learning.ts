import type { ActionRun } from '@vigiles/contract';
import type { RemedyPlan } from '../core/learn/remedy.ts';
import { isPassive, remedyOf } from '../core/learn/remedy.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Clock } from '../../../kernel/clock.ts';

/** Left alone for this long and still there: it was not over by itself. */
const selfWindowMs = 120_000;

/** What is a cure for a pattern and what only happened at the same time. Everything else is not learned. */
export function createLearning({ knowledge, clock }: { knowledge: Knowledge; clock: Clock }) {
  return {
    /** Counts a verified outcome; an unknown, cancelled or timed out one says nothing about the remedy. */
    outcome(
      value: StoredIncident,
      plan: RemedyPlan,
      tier: number | null,
      outcome: ActionRun['outcome'],
    ): void {
      const { fingerprint } = value.incident;
      if (fingerprint === null || isPassive(plan)) return;
      // Undone because it did not help.
      const seen = outcome === 'rolled_back' ? 'not_fixed' : outcome;
      if (seen !== 'fixed' && seen !== 'not_fixed') return;
      knowledge.count(fingerprint, plan, tier, seen);
      value.credit = seen === 'fixed' ? { fingerprint, remedy: plan.id } : null;
    },
    /** How it went before anything was done: called when something is, and when it is over. */
    self(value: StoredIncident, over: boolean): void {
      const { incident, tried } = value;
      if (incident.fingerprint === null || tried.length > 0) return;
      const alone = clock.now() - incident.opened_at;
      if (alone >= selfWindowMs) knowledge.observeSelf(incident.fingerprint, false);
      else if (over) knowledge.observeSelf(incident.fingerprint, true);
    },
    flip({ credit }: StoredIncident): void {
      if (credit) knowledge.flip(credit.fingerprint, credit.remedy);
    },
  };
}

/** What a person ran, as a remedy: without what only people may say. */
export function remedyOfRun({ action, params }: ActionRun): RemedyPlan {
  const { force: _force, ...rest } = params;
  return remedyOf([{ action, params: rest, target: null }]);
}

export type Learning = ReturnType<typeof createLearning>;
