import type { FaultAction, RemedyStep, TargetClass } from '@vigiles/contract';
import { hash } from './hash.ts';

/** Actions that belong together: kill what is stale, then restart. */
export interface RemedyPlan {
  id: string;
  steps: RemedyStep[];
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, canonical(one)]));
}

/** The same steps have the same id, whoever thought of them. */
export const remedyOf = (steps: readonly RemedyStep[]): RemedyPlan => ({
  id: hash(JSON.stringify(canonical(steps))),
  steps: [...steps],
});

/** One action on what the incident is about. */
export const oneStep = (action: string, params: Record<string, unknown> = {}): RemedyPlan =>
  remedyOf([{ action, params, target: null }]);

/** They tell somebody or leave it at that; nothing is repaired by them, so nothing is learned from them. */
const passive = new Set(['alert_user', 'suggest_switch_model', 'ignore']);
export const isPassiveStep = ({ action }: RemedyStep): boolean => passive.has(action);
export const isPassive = ({ steps }: RemedyPlan): boolean => steps.every(isPassiveStep);

/** The quick answers of a catalogue entry for one class of target; steps joined by `next: always` are one remedy. */
export function remediesOf(tier1: readonly FaultAction[], targetClass: TargetClass): RemedyPlan[] {
  const remedies: RemedyPlan[] = [];
  let group: RemedyStep[] = [];
  const mine = tier1.filter((step) => step.for.length === 0 || step.for.includes(targetClass));
  for (const { action, params, target, next } of mine) {
    group.push({ action, params, target: target ?? null });
    if (next === 'always') continue;
    remedies.push(remedyOf(group));
    group = [];
  }
  if (group.length > 0) remedies.push(remedyOf(group));
  return remedies;
}
