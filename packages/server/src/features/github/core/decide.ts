import type { CiAction, GithubConfig, Verdict } from '@vigiles/contract';
import type { RunFacts } from './run-facts.ts';

/** GitHub re-runs nothing that is older, and nothing more often. */
export const longestAgeMs = 30 * 86_400_000;
export const mostAttempts = 50;
/** Our own limit per commit and workflow, whatever the configuration says. */
export const mostRetries = 2;

export type Script = GithubConfig['heal']['fix_scripts'][number];

/** Everything that counts for what is done about a failed attempt. */
export interface Situation {
  run: RunFacts;
  /** null: it could not be judged. */
  verdict: Verdict | null;
  /** A newer run of the same workflow and branch is there. */
  superseded: boolean;
  /** Failed before it was watched: only history. */
  historic: boolean;
  /** null: there are credentials; otherwise why nothing can be done. */
  blind: string | null;
  /** Re-runs of this commit and workflow so far. */
  used: number;
  /** Re-runs in all repositories within the window. */
  recent: number;
  /** A fix script ran for this attempt already. */
  scriptRan: boolean;
  settings: GithubConfig['heal'];
  now: number;
}

export interface Decision extends Pick<CiAction, 'kind' | 'by_rule' | 'reason'> {
  script: Script | null;
}

const decided = (
  kind: CiAction['kind'],
  by_rule: string,
  reason: string,
  script: Script | null = null,
): Decision => ({
  kind,
  by_rule,
  reason,
  script,
});

/** Letters and digits only, so that "Roll-out" and "roll out" are `rollout`. */
const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * Whether a workflow's name or file says that it changes something outside: it must not run twice by itself. Letters count, not
 * whole words: `deploy` is in "redeploy", "deployment" and "AutoDeploy", and all of them deploy. "Preproduction checks" is taken
 * for a deploy by that too; a notice too many costs less than a deploy that ran twice, and `allow_deploys` names exceptions.
 */
export function isDeployLike(
  { workflow, path }: Pick<RunFacts, 'workflow' | 'path'>,
  settings: GithubConfig['heal'],
): boolean {
  if (settings.allow_deploys.includes(workflow)) return false;
  const file = path.split('@')[0]?.split('/').at(-1) ?? '';
  const names = [workflow, file].map(squeezed);
  return settings.deploy_like.some((word) => {
    const part = squeezed(word);
    return part !== '' && names.some((name) => name.includes(part));
  });
}

/** Why GitHub would not, or must not, be asked at all; null: it may. Also holds for people. */
export function hardLimit(run: RunFacts, now: number): { rule: string; reason: string } | null {
  if (now - run.startedAt > longestAgeMs) {
    return { rule: 'too_old', reason: 'It is older than 30 days, and GitHub re-runs nothing that is.' };
  }
  if (run.attempt >= mostAttempts) {
    return {
      rule: 'attempt_limit',
      reason: `Attempt ${run.attempt}: GitHub runs nothing more than ${mostAttempts} times.`,
    };
  }
  return null;
}

export function scriptFor(
  run: RunFacts,
  kind: Verdict['kind'],
  settings: GithubConfig['heal'],
): Script | null {
  const fits = (script: Script) =>
    script.kind === kind &&
    (script.workflow === undefined || script.workflow === run.workflow) &&
    (script.repository === undefined || script.repository.toLowerCase() === run.repository.toLowerCase());
  return settings.fix_scripts.find(fits) ?? null;
}

/** Whether a re-run is allowed by everything but the verdict; the first thing that speaks against it. */
export function againstRetry(situation: Situation): { rule: string; reason: string } | null {
  const { run, settings, used, recent, now } = situation;
  const hard = hardLimit(run, now);
  if (hard) return hard;
  if (!settings.events.includes(run.event)) {
    return {
      rule: 'other_event',
      reason: `It was triggered by ${run.event || 'something unknown'}; only ${settings.events.join(', ')} are re-run.`,
    };
  }
  if (isDeployLike(run, settings)) {
    return {
      rule: 'deploy_like',
      reason: `“${run.workflow}” looks like a deploy; it never runs twice by itself.`,
    };
  }
  const most = Math.min(settings.max_retries, mostRetries);
  if (used >= most) {
    return {
      rule: 'budget_spent',
      reason: `This commit was re-run ${used} of ${most} times; it fails still.`,
    };
  }
  if (recent >= settings.storm_limit) {
    const reason = `${recent} re-runs within ${settings.storm_window_minutes} minutes: something larger is wrong.`;
    return { rule: 'storm_guard', reason };
  }
  return null;
}

/**
 * What is done about a failed attempt, and by which rule. Pure. A re-run needs everything to speak for it; whatever speaks
 * against it is told to a person.
 */
export function decide(situation: Situation): Decision {
  const { run, verdict, settings, superseded, historic, blind, scriptRan } = situation;
  if (historic) return decided('none', 'before_watch', 'It failed before this repository was watched.');
  if (superseded) return decided('none', 'superseded', 'A newer run of this branch is there.');
  if (blind !== null) return decided('notify', 'no_credentials', `Nothing can be done: ${blind}.`);
  if (!verdict) return decided('notify', 'not_judged', 'Its jobs could not be read.');
  if (verdict.kind === 'cancelled')
    return decided('none', 'cancelled', 'Somebody or something cancelled it.');
  const script = scriptFor(run, verdict.kind, settings);
  if (script && settings.enabled && !scriptRan && !isDeployLike(run, settings)) {
    return decided('fix_script', 'fix_script', `${script.script} is the script for ${verdict.kind}.`, script);
  }
  if (!verdict.retry) return decided('notify', `verdict_${verdict.kind}`, verdict.reason);
  if (!settings.enabled)
    return decided('notify', 'healing_off', `${verdict.reason} Healing is switched off.`);
  if (verdict.confidence < settings.min_confidence) {
    return decided('notify', 'not_sure', `${verdict.reason} That is not sure enough to act on.`);
  }
  const against = againstRetry(situation);
  if (against) return decided('notify', against.rule, against.reason);
  return decided('retry', 'retryable_failure', verdict.reason);
}
