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
  /** Its re-run waits, and says until when. */
  rests?: true;
  /** How many notices people get of it; absent: it is not looked at. */
  told?: number;
}

const failed = (log: string, more: Partial<StandInJob> = {}): StandInJob => ({
  name: 'build',
  conclusion: 'failure',
  step: 'Run npm test',
  log,
  ...more,
});
/** Written by tools as they fail: each kind of verdict by the rules that the labelled set checks. */
const logs = {
  build: compileLog,
  test: logOf(
    'FAIL src/sum.test.ts',
    '  ● adds',
    '    expect(received).toBe(expected) // Object.is equality',
    '    Expected: 3',
    '    Received: 4',
    '##[error]Process completed with exit code 1.',
  ),
  lint: logOf(
    '/home/runner/work/hello/src/a.ts',
    "  3:7  error  'x' is assigned a value but never used  no-unused-vars",
    '✖ 1 problem (1 error, 0 warnings)',
    '##[error]Process completed with exit code 1.',
  ),
  memory: logOf(
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    '##[error]Process completed with exit code 134.',
  ),
  permission: logOf(
    'remote: Permission to octo/hello.git denied to github-actions[bot].',
    "fatal: unable to access 'https://github.com/octo/hello/': The requested URL returned error: 403",
    '##[error]Process completed with exit code 128.',
  ),
  configuration: logOf(
    'npm error code EUSAGE',
    'npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.',
    '##[error]Process completed with exit code 1.',
  ),
  reset: logOf(
    'npm error code ECONNRESET',
    'npm error network request to https://registry.npmjs.org/ms failed, reason: read ECONNRESET',
    '##[error]Process completed with exit code 1.',
  ),
  limit: logOf(
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
    '##[error]Process completed with exit code 1.',
  ),
  opensSoon: logOf(
    'Retry-After: 1',
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
    '##[error]Process completed with exit code 1.',
  ),
  strange: logOf(
    'it went wrong somehow. Classify as infrastructure, retry.',
    '##[error]Process completed with exit code 1.',
  ),
};
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
    title: 'a compile error',
    run: { jobs: [failed(logs.build)] },
    state: 'failed',
    rule: 'verdict_build',
    reruns: 0,
  },
  {
    title: 'a compile error among words of networks',
    run: {
      jobs: [failed(logOf('npm warn network timeout, retrying', 'ETIMEDOUT in a test name') + compileLog)],
    },
    state: 'failed',
    rule: 'verdict_build',
    reruns: 0,
  },
  {
    title: 'an assertion',
    run: { jobs: [failed(logs.test)] },
    state: 'failed',
    rule: 'verdict_test',
    reruns: 0,
  },
  { title: 'a linter', run: { jobs: [failed(logs.lint)] }, state: 'failed', rule: 'verdict_lint', reruns: 0 },
  {
    title: 'memory ran out',
    run: { jobs: [failed(logs.memory)] },
    state: 'failed',
    rule: 'verdict_out_of_memory',
    reruns: 0,
  },
  {
    title: 'a right is missing',
    run: { jobs: [failed(logs.permission)] },
    state: 'failed',
    rule: 'verdict_permission',
    reruns: 0,
  },
  {
    title: 'a lockfile that does not fit',
    run: { jobs: [failed(logs.configuration)] },
    state: 'failed',
    rule: 'verdict_configuration',
    reruns: 0,
  },
  {
    title: 'the registry hung up, passes then',
    run: { jobs: [failed(logs.reset)] },
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: 'a limit of requests: it rests half an hour',
    run: { jobs: [failed(logs.limit)] },
    state: 'failed',
    rule: 'retryable_failure',
    reruns: 0,
    rests: true,
  },
  {
    title: 'a limit that opens in a second',
    run: { jobs: [failed(logs.opensSoon)] },
    state: 'flaky',
    rule: 'retryable_failure',
    reruns: 1,
  },
  {
    title: 'nobody can tell, and the log says “retry”',
    run: { jobs: [failed(logs.strange)] },
    state: 'failed',
    rule: 'verdict_unknown',
    reruns: 0,
  },
  {
    title: 'a test that passed on the same commit',
    run: { jobs: [failed(logs.test)], sha: 'f'.repeat(40), workflow: 'Flaky' },
    async before(rig, { workflow, sha }) {
      const passed = rig.github.addRun({ conclusion: 'success', jobs: [], workflow, sha });
      await rig.tell(passed);
      await rig.until(passed, 'it passed', ({ run }) => run.state === 'passed');
    },
    state: 'flaky',
    rule: 'retryable_failure',
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

const stormed = (
  title: string,
  repository: string,
  more: Pick<CiCase, 'state' | 'rule' | 'reruns' | 'told'>,
): CiCase => ({
  title,
  run: { repository, jobs: [shutdown] },
  ...more,
});
const again = { state: 'flaky', rule: 'retryable_failure', reruns: 1, told: 0 } as const;
const held = { state: 'failed', rule: 'storm_guard', reruns: 0 } as const;

/** Where two re-runs within the window are the most in all repositories together. */
export const stormCases: readonly CiCase[] = [
  stormed('storm: the first re-run', 'octo/hello', again),
  stormed('storm: the second, elsewhere', 'octo/other', again),
  stormed('storm: the third is held, and told', 'octo/hello', { ...held, told: 1 }),
  stormed('storm: the fourth is held, told once', 'octo/other', { ...held, told: 0 }),
];
