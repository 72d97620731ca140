import type { IncidentReplay } from '@vigiles/contract';
import type { RemedyPlan } from '../core/learn/remedy.ts';
import { decideTier } from '../core/respond/decide-tier.ts';
import type { StoredIncident } from '../incidents/stored-incident.ts';
import { ruleOf, type ResponderDeps } from './context.ts';

/** What would be decided for an incident if it were seen now. Nothing is done, nobody is asked. */
export async function replay(deps: ResponderDeps, value: StoredIncident): Promise<IncidentReplay> {
  const { incident, sighting } = value;
  const { fingerprint, target } = incident;
  const rule = ruleOf(deps, value);
  const learned = fingerprint === null ? [] : deps.knowledge.lookup(fingerprint);
  const ai = deps.diagnosis?.ready(fingerprint ?? undefined) ?? { ready: false, why: 'There is no AI here' };
  const noted = incident.severity === 'info';
  const decision = decideTier({ rule, learned, ai, tried: [], exhausted: false, asked: false, noted });
  const plans = async (steps: RemedyPlan['steps']) => {
    const asked = steps.map(({ action, params, target: other }) =>
      deps.actions.plan({ action, params, target: other ?? target, actor: 'watchdog', reason: 'replay' }),
    );
    return (await Promise.all(asked)).flatMap((plan) => (plan.ok ? [plan.value] : []));
  };
  const applies = decision.kind === 'apply' ? decision : null;
  const tiers: IncidentReplay['tiers'] = [
    {
      tier: 1,
      decides: applies?.tier === 1,
      title: rule?.title ?? 'No rule',
      why: rule?.detail ?? 'No rule knows this fault',
      plans: await plans(rule?.remedies[0]?.steps ?? []),
    },
    {
      tier: 2,
      decides: applies?.tier === 2,
      title: learned.length > 0 ? 'Something helped before' : 'Nothing is learned well enough',
      why: learned[0]?.why ?? 'No remedy of this pattern is trusted',
      plans: await plans(learned[0]?.remedy.steps ?? []),
    },
    {
      tier: 3,
      decides: decision.kind === 'ask',
      title: ai.ready ? 'The AI could be asked' : 'The AI would not be asked',
      why: ai.ready ? 'A replay does not ask it' : ai.why,
      plans: [],
    },
  ];
  return {
    sighting: {
      ...(sighting ?? { fault: incident.fault_code, target, target_class: incident.target_class }),
    },
    tiers,
    decision: decisionText(decision),
    decided_then: incident.timeline.flatMap(({ kind, title }) => (kind === 'decision' ? [title] : [])),
  };
}

function decisionText(decision: ReturnType<typeof decideTier>): string {
  switch (decision.kind) {
    case 'apply':
      return `Tier ${decision.tier}: ${decision.remedy.steps.map(({ action }) => action).join(', then ')}`;
    case 'ask':
      return `Tier 3: the AI would be asked. ${decision.why}`;
    case 'person':
      return `A person: ${decision.detail}`;
    case 'watch':
      return `Nothing: ${decision.why.toLowerCase()}`;
  }
}
