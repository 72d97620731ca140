import type { CiRunState } from '@vigiles/contract';
import type { GithubRig } from '../../packages/server/src/features/github/testing/github-rig.ts';
import { hookSecret } from '../../packages/server/src/features/github/testing/github-rig.ts';
import type {
  NewRun,
  StandInJob,
  StandInRun,
} from '../../packages/server/src/features/github/testing/github-stand-in.ts';
import {
  compileLog,
  logOf,
  lostLine,
  shutdownLog,
  timeoutLog,
} from '../../packages/server/src/features/github/testing/logs.ts';

/** Something GitHub tells, and what must come of it. */
export interface CiCase {
  title: string;
  run: NewRun;
  /** Actions of `workflow_run` that are delivered, in this order. */
  events?: string[];
  /** How a re-run ends. */
  next?: { conclusion: string; jobs: StandInJob[] };
  before?(rig: GithubRig, run: StandInRun): Promise<void> | void;
  after?(rig: GithubRig, run: StandInRun): Promise<void> | void;
  state: CiRunState;
  rule: string;
  reruns: number;
}

const failed = (log: string, more: Partial<StandInJob> = {}): StandInJob => ({
  name: 'build',
  conclusion: 'failure',
  step: 'Run npm test',
  log,
  ...more,
});
const shutdown = failed(shutdownLog);
const month = 31 * 86_400_000;
const end = (run: StandInRun, status: 'in_progress' | 'completed') => {
  const last = run.attempts.at(-1);
  if (last) last.status = status;
};

export const ciCases: readonly CiCase[] = [
  {
    title: 'runner shut down, passes then',
    run: { jobs: [shutdown] },
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: 'runner shut down, again and again',
    run: { jobs: [shutdown] },
    next: { conclusion: 'failure', jobs: [shutdown] },
    state: 'failed',
    rule: 'budget_spent',
    reruns: 2,
  },
  {
    title: 'runner lost twice in one step',
    run: { jobs: [failed(logOf(), { annotations: [lostLine] })] },
    next: { conclusion: 'failure', jobs: [failed(logOf(), { annotations: [lostLine] })] },
    state: 'failed',
    rule: 'verdict_out_of_memory',
    reruns: 1,
  },
  {
    title: 'its time was over',
    run: { jobs: [failed(timeoutLog)] },
    state: 'failed',
    rule: 'verdict_timeout',
    reruns: 0,
  },
  {
    title: 'runner shut down, and a job with an error of its own',
    run: { jobs: [shutdown, failed(timeoutLog, { name: 'types' })] },
    state: 'failed',
    rule: 'verdict_timeout',
    reruns: 0,
  },
  {
    title: 'older than 30 days',
    run: { jobs: [shutdown], startedAt: Date.now() - month },
    state: 'failed',
    rule: 'too_old',
    reruns: 0,
  },
  {
    title: 'attempt 50',
    run: { jobs: [shutdown], attempt: 50 },
    state: 'failed',
    rule: 'attempt_limit',
    reruns: 0,
  },
  {
    title: 'a deploy',
    run: { jobs: [shutdown], workflow: 'Deploy' },
    state: 'failed',
    rule: 'deploy_like',
    reruns: 0,
  },
  {
    title: 'triggered by a schedule',
    run: { jobs: [shutdown], event: 'schedule' },
    state: 'failed',
    rule: 'other_event',
    reruns: 0,
  },
  {
    title: 'cancelled by a person',
    run: { conclusion: 'cancelled', jobs: [] },
    state: 'cancelled',
    rule: 'none',
    reruns: 0,
  },
  { title: 'passed', run: { conclusion: 'success', jobs: [] }, state: 'passed', rule: 'none', reruns: 0 },
  {
    title: 'began',
    run: { conclusion: null, jobs: [] },
    events: ['requested', 'in_progress'],
    state: 'running',
    rule: 'none',
    reruns: 0,
  },
  {
    title: 'told twice, and by two hooks',
    run: { jobs: [shutdown] },
    events: ['completed', 'completed', 'completed'],
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: '403 while it runs: waited for',
    run: { jobs: [shutdown] },
    async after(rig, run) {
      end(run, 'in_progress');
      setTimeout(() => end(run, 'completed'), 500);
    },
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: 'GitHub fails three times, then answers',
    run: { jobs: [shutdown] },
    before: (rig) => rig.github.failNext(3, 502),
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: 'only the job is told (workflow_job)',
    run: {
      jobs: [
        failed(compileLog, { annotations: ['The job has exceeded the maximum execution time of 5m0s'] }),
      ],
    },
    events: [],
    async after(rig, run) {
      const job = {
        id: run.attempts[0]?.jobs[0]?.id ?? 0,
        run_id: run.id,
        run_attempt: 1,
        conclusion: 'failure',
      };
      const payload = { action: 'completed', workflow_job: job, repository: { full_name: run.repository } };
      await rig.github.deliver(rig.hook, hookSecret, 'workflow_job', payload);
    },
    state: 'failed',
    rule: 'verdict_timeout',
    reruns: 0,
  },
];
