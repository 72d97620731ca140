import { z } from 'zod';
import { defineAction } from '../define-action.ts';

const params = z.strictObject({
  attempt: z
    .int()
    .min(1)
    .max(1000)
    .meta({ description: 'The attempt that failed; a later one is never re-run by mistake.' }),
});

/** Runs the failed jobs of a run of GitHub Actions again. */
export const action = defineAction({
  id: 'rerun_failed_jobs',
  title: 'Re-run failed jobs',
  description:
    'Asks GitHub to run the failed jobs of a run again, once nothing of it is under way. Whether that helped, the next attempt tells. Never after 30 days or 50 attempts; by itself at most twice per commit and workflow, and never a deploy.',
  params,
  targets: ['ci'],
  // Its own limits are stricter and outlive everything: per commit and workflow, and over all repositories.
  guarded: false,
  // A run may take GitHub's six hours per job, and waits for its turn.
  timeoutMs: 24 * 3_600_000,
  lock: (target) => target,
  risk: () => 'reversible',
  riskAtMost: 'reversible',
  async plan({ ci, targetName, params: { attempt } }) {
    const run = await ci.describe(targetName);
    if (!run) return [];
    const jobs = run.jobs.length > 0 ? ` (${run.jobs.slice(0, 10).join(', ')})` : '';
    return [
      `Wait until nothing of ${run.url} is under way`,
      `Run the failed jobs of attempt ${attempt} of ${run.workflow} on ${run.branch} again${jobs}`,
      `Wait how attempt ${attempt + 1} ends`,
    ];
  },
  precheck: ({ ci, targetName, params: { attempt }, automatic }) =>
    ci.refusal(targetName, attempt, automatic),
  perform: ({ ci, targetName, params: { attempt }, actor, reason, runId, signal, note }) =>
    ci.rerun(targetName, attempt, { actor, reason, runId }, { signal, note }),
  verify: ({ ci, targetName, params: { attempt }, signal }) => ci.outcome(targetName, attempt, signal),
});
