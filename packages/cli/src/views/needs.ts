import type { ActionRun, CiRun, Decision, Incident } from '@vigiles/contract';
import { needsPerson, runsForPerson, waitsForPerson } from '@vigiles/contract';
import type { Api } from '../client/api.ts';
import { clean } from '../output/clean.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { bold, dim, yellow } from '../output/style.ts';
import { duration } from '../output/units.ts';

/** Something that waits for a person. */
export type Need =
  | { kind: 'decision'; decision: Decision }
  | { kind: 'action'; run: ActionRun }
  | { kind: 'incident'; incident: Incident }
  | { kind: 'ci'; ciRun: CiRun };

/** What it is about, as the API has it. */
export function subjectOf(need: Need): Decision | ActionRun | Incident | CiRun {
  if (need.kind === 'decision') return need.decision;
  if (need.kind === 'action') return need.run;
  return need.kind === 'incident' ? need.incident : need.ciRun;
}

export const idOf = (need: Need): string =>
  need.kind === 'decision' ? need.decision.decision_id : (subjectOf(need) as { id: string }).id;

/**
 * As the dashboard lists them: agents' questions, actions that can still be stopped or have to be allowed, incidents that Vigiles
 * cannot settle alone, failed runs of CI.
 */
export async function needs(api: Api, now = Date.now()): Promise<Need[]> {
  const [{ decisions }, { runs }, { incidents }, { runs: ciRuns }] = await Promise.all([
    api.get<{ decisions: Decision[] }>('/api/v1/decisions?state=pending'),
    api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs?state=open'),
    api.get<{ incidents: Incident[] }>('/api/v1/incidents?state=needs_person&limit=100'),
    api.get<{ runs: CiRun[] }>('/api/v1/github/runs?limit=100'),
  ]);
  return [
    ...decisions.map((decision): Need => ({ kind: 'decision', decision })),
    ...runs.filter(waitsForPerson).map((run): Need => ({ kind: 'action', run })),
    ...incidents.filter(needsPerson).map((incident): Need => ({ kind: 'incident', incident })),
    ...runsForPerson(ciRuns, now).map((ciRun): Need => ({ kind: 'ci', ciRun })),
  ];
}

const left = (at: number | null, now: number): string =>
  at === null ? '' : ` (${duration((at - now) / 1000)} left)`;

/** What it is, its words, what is less important, and what may be answered. */
function told(need: Need, now: number): [what: string, words: string, less: string, answers: string] {
  if (need.kind === 'action') {
    const { state, action, target, reason, approval_until, veto_until } = need.run;
    const words = `${action} on ${target}`;
    return state === 'vetoing'
      ? ['starts soon', words, reason + left(veto_until, now), 'no']
      : ['approve?', words, reason + left(approval_until, now), 'yes, no'];
  }
  if (need.kind === 'incident') {
    const { title, severity } = need.incident;
    return ['needs you', title, severity, 'acknowledge'];
  }
  if (need.kind === 'ci') {
    const { repository, workflow, branch, verdict } = need.ciRun;
    return ['CI failed', `${workflow} of ${repository} ${branch}`, verdict?.reason ?? '', 'retry'];
  }
  const { kind, question, options, session_id, expires_at } = need.decision;
  const choices = options.map(({ id, label }) => (label === '' || label === id ? id : `${id} (${label})`));
  const what = kind === 'permission' ? 'allow?' : 'question';
  return [what, question, session_id + left(expires_at, now), choices.join(', ') || 'any text'];
}

/** `1  question` with its answers below. */
export function needsView(list: readonly Need[], now = Date.now()): string {
  if (list.length === 0) return dim('Nothing waits for you.');
  return list
    .map((need, at) => {
      const [what, words, less, answers] = told(need, now);
      const id = need.kind === 'decision' ? '' : `  (${idOf(need)})`;
      return `${bold(String(at + 1))}  ${yellow(what)} ${clean(words)} ${dim(clean(less))}\n   ${dim(`answer ${at + 1} with: ${clean(answers)}${id}`)}`;
    })
    .join('\n');
}

const mustBe = (choice: string, ...allowed: string[]): void => {
  if (!allowed.includes(choice)) throw new CliError(`Answer ${allowed.join(' or ')}`, exitCode.usage);
};

/** Answers one; returns what came of it. Whoever was first has decided: the API says so. */
export async function answerNeed(api: Api, need: Need, choice: string): Promise<string> {
  const id = encodeURIComponent(idOf(need));
  if (need.kind === 'action') {
    mustBe(choice, ...(need.run.state === 'vetoing' ? ['no'] : ['yes', 'no']));
    const verb = choice === 'yes' ? 'approve' : 'cancel';
    const run = await api.send<ActionRun>('POST', `/api/v1/actions/runs/${id}/${verb}`);
    return `${clean(run.action)} on ${clean(run.target)}: ${choice === 'yes' ? 'approved' : 'refused'}`;
  }
  if (need.kind === 'incident') {
    mustBe(choice, 'acknowledge');
    await api.send('POST', `/api/v1/incidents/${id}/acknowledge`, {});
    return `Acknowledged: ${clean(need.incident.title)}`;
  }
  if (need.kind === 'ci') {
    mustBe(choice, 'retry');
    await api.send('POST', `/api/v1/github/runs/${id}/retry`, {
      reason: 'asked for in answer to what failed',
    });
    return `Asked for: the failed jobs of ${clean(need.ciRun.workflow)} run again`;
  }
  const session = encodeURIComponent(need.decision.session_id);
  await api.send('POST', `/api/v1/sessions/${session}/decisions/${id}/answer`, { choice });
  return `Decided: ${clean(choice)}`;
}
