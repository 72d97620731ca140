import type { ActionRun, Incident } from '@vigiles/contract';
import type { NewEntry } from '../incidents/incidents.ts';
import { actionTitle, outcomeTitle } from '../titles.ts';

/** How a run ended, in its incident's story. */
export const outcomeEntry = (run: ActionRun): NewEntry => ({
  kind: 'outcome',
  title: outcomeTitle(run.outcome),
  detail: run.message,
  actor: run.actor,
  evidence: {
    run: run.id,
    action: run.action,
    outcome: run.outcome,
    steps: run.evidence.map(({ text, data }) => ({ text, ...data })),
  },
});

interface Step {
  state: Incident['state'];
  entry: NewEntry;
}

/** What a run waits for before it begins. */
export function waitOf(run: ActionRun): Step | null {
  const evidence = { run: run.id, until: run.veto_until };
  if (run.state === 'vetoing') {
    const detail = `${run.action} can be cancelled before it starts`;
    return {
      state: 'acting',
      entry: { kind: 'guard', title: 'Veto window', detail, evidence: { ...evidence, guard: 'veto' } },
    };
  }
  if (run.state !== 'awaiting_approval') return null;
  const detail = `${run.action} waits for an approval`;
  return {
    state: 'needs_person',
    entry: { kind: 'guard', title: 'Waits for an approval', detail, evidence },
  };
}

/** How far a run has come. */
export function stepOf(run: ActionRun): Step | null {
  const evidence = { run: run.id };
  if (run.state === 'running' && run.started_at !== null) {
    const detail = run.steps.join('; ');
    return {
      state: 'acting',
      entry: {
        kind: 'action',
        title: actionTitle(run.action),
        detail,
        actor: run.actor,
        evidence: { ...evidence, action: run.action },
      },
    };
  }
  if (run.state !== 'verifying') return null;
  const detail = 'Waits for healthy looks';
  return { state: 'verifying', entry: { kind: 'verification', title: 'Verifying', detail, evidence } };
}
