import type { ActionRun, Decision } from '@vigiles/contract';
import type { Api } from '../client/api.ts';
import { clean } from '../output/clean.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { bold, dim, yellow } from '../output/style.ts';
import { duration } from '../output/units.ts';

/** Something that waits for a person. */
export type Need = { kind: 'decision'; decision: Decision } | { kind: 'approval'; run: ActionRun };

export const idOf = (need: Need): string =>
  need.kind === 'decision' ? need.decision.decision_id : need.run.id;

/** Agents' questions first, the oldest on top, then actions that wait for an approval. */
export async function needs(api: Api): Promise<Need[]> {
  const [{ decisions }, { runs }] = await Promise.all([
    api.get<{ decisions: Decision[] }>('/api/v1/decisions?state=pending'),
    api.get<{ runs: ActionRun[] }>('/api/v1/actions/runs?state=open'),
  ]);
  return [
    ...decisions.map((decision): Need => ({ kind: 'decision', decision })),
    ...runs
      .filter(({ state }) => state === 'awaiting_approval')
      .map((run): Need => ({ kind: 'approval', run })),
  ];
}

const left = (at: number | null, now: number): string =>
  at === null ? '' : dim(` (${duration((at - now) / 1000)} left)`);

/** `1  question` with its answers below. */
export function needsView(list: readonly Need[], now = Date.now()): string {
  if (list.length === 0) return dim('Nothing waits for you.');
  return list
    .map((need, at) => {
      const number = bold(String(at + 1));
      if (need.kind === 'approval') {
        const { action, target, reason, approval_until } = need.run;
        const what = `${yellow('approve?')} ${clean(action)} on ${clean(target)} ${dim(clean(reason))}`;
        return `${number}  ${what}${left(approval_until, now)}\n   ${dim(`answer ${at + 1} with: yes, no  (${idOf(need)})`)}`;
      }
      const { kind, question, options, session_id, expires_at } = need.decision;
      const words = options.map(({ id, label }) => (label === '' || label === id ? id : `${id} (${label})`));
      const answers = words.length === 0 ? 'any text' : words.map(clean).join(', ');
      return `${number}  ${yellow(kind === 'permission' ? 'allow?' : 'question')} ${clean(question)} ${dim(clean(session_id))}${left(expires_at, now)}\n   ${dim(`answer ${at + 1} with: ${answers}`)}`;
    })
    .join('\n');
}

/** Answers one; returns what came of it. Whoever was first has decided: the API says so. */
export async function answerNeed(api: Api, need: Need, choice: string): Promise<string> {
  if (need.kind === 'approval') {
    if (choice !== 'yes' && choice !== 'no') throw new CliError('Answer yes or no', exitCode.usage);
    const verb = choice === 'yes' ? 'approve' : 'cancel';
    const run = await api.send<ActionRun>('POST', `/api/v1/actions/runs/${need.run.id}/${verb}`);
    return `${clean(run.action)} on ${clean(run.target)}: ${choice === 'yes' ? 'approved' : 'refused'}`;
  }
  const { session_id, decision_id } = need.decision;
  const path = `/api/v1/sessions/${encodeURIComponent(session_id)}/decisions/${encodeURIComponent(decision_id)}/answer`;
  await api.send('POST', path, { choice });
  return `Decided: ${clean(choice)}`;
}
