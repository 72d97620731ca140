import type { ActionRun } from '@vigiles/contract';
import { isPassiveStep, type RemedyPlan } from '../core/learn/remedy.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import { isStateStory, type ResponderDeps } from './context.ts';
import type { Learning } from './learning.ts';
import { outcomeEntry, waitOf } from './run-entries.ts';

/** What a refusal of the runner says in its details. */
export interface Refusal {
  guard: string;
  reason: string;
  retryInMs?: number;
  needsPerson?: boolean;
}

/** Who decided on a remedy, for the story. */
export interface Decided {
  tier: 1 | 2 | 3;
  title: string;
  detail: string;
  name: string;
}

/** `told`: people were told, nothing was changed. */
export type Applied =
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'told' }
  | { kind: 'ran'; run: ActionRun };

/** Applies remedies: each action through the runner, in order, with its decision, waits and outcome in the story. */
export function createApply({
  actions,
  incidents,
  learning,
}: Pick<ResponderDeps, 'actions' | 'incidents'> & { learning: Learning }) {
  const paramsFor = (value: StoredIncident, step: RemedyPlan['steps'][number], decided: Decided) => {
    if (step.action !== 'alert_user') return step.params;
    const { title, severity } = value.incident;
    const words =
      step.params['kind'] === undefined
        ? { title: title.slice(0, 200), message: decided.detail.slice(0, 2000) }
        : {};
    return { severity, ...words, ...step.params };
  };

  return async function apply(value: StoredIncident, plan: RemedyPlan, decided: Decided): Promise<Applied> {
    const { incident } = value;
    learning.self(value, false);
    let last: ActionRun | null = null;
    /** The last one that changes something: what came of the whole is what came of it. */
    let mending: ActionRun | null = null;
    for (const [place, step] of plan.steps.entries()) {
      const asked = await actions.request({
        action: step.action,
        target: step.target ?? incident.target,
        params: paramsFor(value, step, decided),
        actor: 'watchdog',
        reason: incident.title,
        incidentId: incident.id,
        attempt: value.attempts + 1,
        fault: isStateStory(value) ? incident.fault_code : (incident.fingerprint ?? incident.fault_code),
      });
      if (!asked.ok) {
        const { code, message, details } = asked.fault;
        const refusal: Refusal = { guard: code, reason: message, ...details };
        // Nothing stale to kill is no reason not to restart.
        if (refusal.guard === 'precheck' && place < plan.steps.length - 1) continue;
        return { kind: 'refused', refusal };
      }
      value.attempts += 1;
      const { run } = asked.value;
      if (last === null) {
        const { tier, title, detail, name } = decided;
        const evidence = { rule: name, action: step.action, attempt: value.attempts, run: run.id };
        incidents.update(value, { tier }, [{ kind: 'decision', tier, title, detail, evidence }]);
      } else if (!isPassiveStep(step)) incidents.update(value, {}, [outcomeEntry(last)]);
      const waits = waitOf(run);
      if (waits) incidents.update(value, { state: waits.state }, [waits.entry]);
      last = await asked.value.done;
      if (!isPassiveStep(step)) mending = last;
      if (step.action === 'alert_user') value.alerted = true;
      if (last.outcome === 'cancelled') break;
    }
    if (last === null)
      return { kind: 'refused', refusal: { guard: 'precheck', reason: 'Nothing of it can be done now' } };
    if (mending !== null) return { kind: 'ran', run: mending };
    if (plan.steps.some(({ action }) => action !== 'ignore')) value.alerted = true;
    return { kind: 'told' };
  };
}

export type Apply = ReturnType<typeof createApply>;
