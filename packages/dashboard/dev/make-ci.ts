import type {
  CiAction,
  CiPattern,
  CiRun,
  CiRunDetail,
  FlakyTest,
  GithubHealth,
  Verdict,
} from '@vigiles/contract';
import type { Random } from './random.ts';

const day = 86_400_000;
const verdict = (
  kind: Verdict['kind'],
  rule: string,
  line: [number, string] | null,
  reason: string,
  over: Partial<Verdict> = {},
): Verdict => ({
  kind,
  rule,
  line: line && { number: line[0], text: line[1] },
  reason,
  retry: false,
  confidence: 0.97,
  runner_up: null,
  ...over,
});

const reset = verdict(
  'infrastructure',
  'npm-registry-reset',
  [412, 'npm error network request to https://registry.example.com/zod failed, reason: read ECONNRESET'],
  'The package registry closed the connection while dependencies were fetched.',
  { retry: true },
);
const compile = verdict(
  'build',
  'tsc-error',
  [1187, 'src/parser.ts(42,17): error TS2322: Type "string" is not assignable to type "number".'],
  'The compiler refused the code.',
  {
    confidence: 0.99,
    runner_up: {
      kind: 'infrastructure',
      rule: 'network-words',
      line: {
        number: 310,
        text: 'warning: connection timed out, retrying (1/3) <img src=x onerror=alert(1)>',
      },
    },
  },
);
const assertion = verdict(
  'test',
  'node-assertion',
  [
    2301,
    'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal: 3 !== 4 at empty input is parsed',
  ],
  'An assertion of a test failed.',
);
const flaky = verdict(
  'flaky_test',
  'same-commit-passed',
  [908, 'FAIL  tests/socket.test.ts > a client that is slow is dropped (timed out after 5000 ms)'],
  'The same commit passed before with the same tests.',
  { retry: true, confidence: 0.91 },
);
const memory = verdict(
  'out_of_memory',
  'node-heap',
  [77, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
  'The process needed more memory than it may have.',
);
const unknown = verdict('unknown', 'none', null, 'No rule knows what failed.', { confidence: 0 });

const act = (
  kind: CiAction['kind'],
  state: CiAction['state'],
  rule: string,
  reason: string,
  at: number,
): CiAction => ({
  kind,
  state,
  by_rule: rule,
  reason,
  at,
  action_id: kind === 'retry' ? 'run_ci' : null,
});

const stories: [CiRun['state'], string, Verdict | null, ((at: number) => CiAction) | null][] = [
  [
    'failed',
    'Tests',
    compile,
    (at) => act('notify', 'told', 'not_retryable', 'A compile error does not go away by itself.', at),
  ],
  [
    'running',
    'Release',
    reset,
    (at) => act('retry', 'asked', 'retryable_failure', 'Failed jobs run again: the registry was away.', at),
  ],
  [
    'failed',
    'Deploy',
    reset,
    (at) =>
      act(
        'none',
        'decided',
        'deploy_like',
        'It looks like a deploy, which is never run twice by itself.',
        at,
      ),
  ],
  ['passed', 'Tests', null, null],
  [
    'flaky',
    'Tests',
    flaky,
    (at) => act('retry', 'recovered', 'retryable_failure', 'It passed when its failed jobs ran again.', at),
  ],
  [
    'failed',
    'Nightly',
    memory,
    (at) => act('retry', 'failed', 'retryable_failure', 'It failed again in the same way.', at),
  ],
  [
    'failed',
    'Docs',
    unknown,
    (at) => act('notify', 'told', 'unknown', 'Nobody guesses: have a look at it.', at),
  ],
  ['passed', 'Lint', null, null],
  ['cancelled', 'Tests', null, null],
  ['failed', 'Tests', assertion, (at) => act('notify', 'told', 'not_retryable', 'A test failed.', at)],
];
const repositories = ['ada/analytical-engine', 'ada/notes', 'babbage/difference-engine'];
const branches = ['main', 'feature/parser', 'fix/empty-input', 'renovate/everything-at-once-and-more'];

/** Runs, newest first. */
export function makeCiRuns(random: Random, count: number, now: number): CiRun[] {
  return Array.from({ length: count }, (_, i): CiRun => {
    const [state, workflow, said, done] = stories[i % stories.length]!;
    // The first few are of today, the others of last week and before: those ask nobody any more.
    const started = now - i * 5_300_000 - (i < stories.length ? 40_000 : 5 * day);
    const took = random.int(60, 900) * 1000;
    const finished = state === 'running' ? null : Math.min(now, started + took);
    const attempt = state === 'flaky' || (said?.retry && state === 'running') || said === memory ? 2 : 1;
    return {
      id: String(9_000_000_000 + count - i),
      repository: i < 10 ? repositories[0]! : random.pick(repositories),
      workflow,
      branch: i < 10 ? (i === 9 ? branches[1]! : 'main') : random.pick(branches),
      commit: (0x1a2b3c4d5e6 + i * 7919).toString(16).padEnd(40, '0'),
      attempt,
      event: i % 3 === 0 ? 'pull_request' : 'push',
      url: `https://github.com/${repositories[0]}/actions/runs/${9_000_000_000 + count - i}`,
      state,
      verdict: said,
      action: done?.(started + took) ?? null,
      started_at: started,
      finished_at: finished,
      retries_used: attempt - 1,
      minutes_spent: attempt > 1 ? 7.4 + (i % 5) : 0,
    };
  });
}

const around = ({ line }: Verdict): { number: number; text: string }[] => {
  if (!line) return [];
  const said = [
    'Run npm ci && npm test',
    'added 412 packages in 31s',
    '> test',
    '> node --test',
    line.text,
    'Process completed with exit code 1.',
  ];
  const first = Math.max(20, line.number - 4);
  return said.map((text, i) => ({
    number: i < 2 ? i + 12 : text === line.text ? line.number : first + i + (i > 4 ? 1 : 0),
    text,
  }));
};

/** A run in depth. */
export function detailOf(run: CiRun): CiRunDetail {
  const { verdict: said, started_at } = run;
  const lines = said ? around(said) : [];
  const conclusion = run.state === 'passed' ? 'success' : run.state === 'cancelled' ? 'cancelled' : 'failure';
  const jobs = (failed: boolean) => [
    {
      id: 'j1',
      name: 'test (node 24, linux)',
      conclusion: failed ? 'failure' : 'success',
      failed_step: failed ? { number: 4, name: 'Run npm test' } : null,
      minutes: 3.7,
      url: run.url,
      verdict: failed ? said : null,
      lines: failed ? lines : [],
      dropped: failed ? 11_204 : 0,
      log_error: failed && said?.kind === 'unknown' ? 'GitHub answered 410: the log has expired.' : null,
    },
    {
      id: 'j2',
      name: 'lint',
      conclusion: 'success',
      failed_step: null,
      minutes: 0.8,
      url: run.url,
      verdict: null,
      lines: [],
      dropped: 0,
      log_error: null,
    },
  ];
  return {
    run,
    attempts: Array.from({ length: run.attempt }, (_, i) => {
      const last = i + 1 === run.attempt;
      const open = last && run.state === 'running';
      const failed = !last || conclusion === 'failure';
      return {
        attempt: i + 1,
        conclusion: open ? null : failed && run.state !== 'flaky' ? conclusion : last ? 'success' : 'failure',
        started_at: started_at + i * 400_000,
        finished_at: open ? null : started_at + i * 400_000 + 240_000,
        minutes: open ? 0 : 4.5,
        verdict: failed ? said : null,
        jobs: open ? [] : jobs(last ? failed && run.state !== 'flaky' : true),
        opinion:
          said?.kind === 'unknown' && last
            ? 'It looks as if the documentation’s theme was moved to another address.'
            : null,
        opinion_note: null,
      };
    }),
    retries:
      run.retries_used === 0
        ? []
        : [
            {
              id: 'rt1',
              attempt: 2,
              by: run.state === 'flaky' ? 'device:dev_1' : 'watchdog',
              reason: said?.reason ?? 'Asked for on the dashboard',
              state: run.state === 'flaky' ? 'recovered' : run.state === 'running' ? 'asked' : 'failed',
              asked_at: started_at + 380_000,
              settled_at: run.finished_at,
              minutes: run.minutes_spent,
              action_id: 'run_ci',
              message: '',
            },
          ],
    retry_refusal:
      run.state === 'failed' || run.state === 'flaky'
        ? null
        : run.state === 'running'
          ? 'It is still running: GitHub takes a retry once it has ended.'
          : 'No job of it failed.',
  };
}

export function makePatterns(random: Random, now: number): CiPattern[] {
  const of = (
    workflow: string,
    kind: CiPattern['kind'],
    name: string,
    over: Partial<CiPattern>,
  ): CiPattern => {
    const days = Array.from({ length: 30 }, (_, i) =>
      random.next() < 0.3 ? random.int(1, 2 + (i >> 3)) : 0,
    );
    return {
      pattern: `${workflow}:${name}`,
      repository: repositories[0]!,
      workflow,
      kind,
      count: days.reduce((sum, each) => sum + each, 0),
      first_at: now - 28 * day,
      last_at: now - random.int(1, 60) * 3_600_000,
      url: '',
      days,
      trend: 'steady',
      auto_fixed: 0,
      manual: 0,
      fix_script: null,
      ...over,
    };
  };
  return [
    of('Deploy', 'build', 'build_failure', { trend: 'rising', manual: 7 }),
    of('Tests', 'infrastructure', 'infrastructure', { trend: 'falling', auto_fixed: 11, manual: 1 }),
    of('Nightly', 'out_of_memory', 'out_of_memory', { manual: 3, fix_script: 'clean-runner-cache' }),
    of('Tests', 'flaky_test', 'flaky_test', { auto_fixed: 6, repository: repositories[1]! }),
  ];
}

export const makeFlaky = (now: number): FlakyTest[] =>
  [
    ['a client that is slow is dropped', 'tests/socket.test.ts', 9],
    ['npm test', 'test (node 24, linux)', 4],
    ['renders <script>alert(1)</script> as text', 'tests/view.test.ts', 1],
  ].map(([test, job, flips], i) => ({
    repository: repositories[i % 2]!,
    workflow: 'Tests',
    job: String(job),
    test: String(test),
    flips: Number(flips),
    failures: Number(flips) + 3,
    first_at: now - 20 * day,
    last_at: now - (i + 1) * 9_000_000,
    last_commit: '1a2b3c4d5e6f70819293',
    last_line: i === 1 ? null : 'Error: timed out after 5000 ms',
    url: '',
  }));

export const makeGithubHealth = (empty: boolean, now: number): GithubHealth => ({
  status: empty ? 'observing' : 'degraded',
  problems: empty
    ? []
    : ['Two deliveries could not be handled: GitHub answered 502 when their logs were asked for.'],
  cli: { available: false, error: 'gh is not installed' },
  webhook: {
    secret_configured: !empty,
    rotating: false,
    last_received_at: empty ? null : now - 71_000,
    waiting: 0,
    failed: empty ? 0 : 2,
  },
  repo: { allowed: empty ? [] : repositories, default_branch: 'main', push_enabled: false },
  auth: empty
    ? { kind: 'none', ok: null, message: 'No token, App or gh login is set: Vigiles only observes.' }
    : { kind: 'app', ok: true, message: 'GitHub App 41, installation 7' },
  rate_limit: empty ? null : { limit: 5000, remaining: 412, reset_at: now + 1_500_000 },
  polling: { every_s: 300, last_at: empty ? null : now - 120_000, error: null },
  totals: {
    failed: empty ? 0 : 61,
    auto_fixed: empty ? 0 : 17,
    manual: empty ? 0 : 11,
    ratio: empty ? null : 17 / 28,
    retries: empty ? 0 : 21,
    retry_minutes: empty ? 0 : 143.2,
  },
});
