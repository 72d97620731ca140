import type { CiAttempt, CiPattern, CiRun, CiRunDetail, FlakyTest, GithubHealth } from '@vigiles/contract';
import { clean } from '../output/clean.ts';
import { bold, dim, green, red, yellow } from '../output/style.ts';
import { table, type Painted } from '../output/table.ts';
import { ago } from '../output/units.ts';
import { countOf } from './count-of.ts';

const marks: Record<CiRun['state'], () => string> = {
  running: () => yellow('↻ running'),
  passed: () => green('✔ passed'),
  failed: () => red('✖ failed'),
  flaky: () => yellow('◐ flaky'),
  cancelled: () => dim('– cancelled'),
};

/** How a run stands, with a mark, so that colour is not the only sign. */
export const ciState = (state: CiRun['state']): string => marks[state]();

const stateOf = ({ state }: CiRun): Painted => ({ painted: ciState(state) });
const verdictOf = ({ verdict }: CiRun): string => {
  if (verdict === null) return '';
  return verdict.kind === 'unknown' ? 'unknown' : `${verdict.kind} ${Math.round(verdict.confidence * 100)} %`;
};
const doneOf = ({ action }: CiRun): string => {
  if (action === null) return '';
  if (action.kind === 'none') return action.by_rule.replaceAll('_', ' ');
  return action.kind === 'notify' ? 'told' : `${action.kind.replace('fix_', '')} ${action.state}`;
};

const patternLine = ({ pattern, count, trend }: CiPattern): string =>
  `  ${clean(pattern)} ${count}×${trend === 'rising' ? red(' ↑') : trend === 'falling' ? green(' ↓') : ''}`;

/** `vigiles github` */
export function ciRunsView(runs: readonly CiRun[], patterns: readonly CiPattern[]): string {
  if (runs.length === 0) return dim('No run is known yet: vigiles github health says what is missing.');
  const drawn = table(
    [
      { title: 'STATE' },
      { title: 'WORKFLOW', flexible: true },
      { title: 'BRANCH', flexible: true },
      { title: 'VERDICT', flexible: true },
      { title: 'DONE', flexible: true, optional: true },
      { title: 'WHEN', align: 'right', optional: true },
      { title: 'RUN' },
    ],
    runs.map((run) => [
      stateOf(run),
      run.workflow,
      run.branch,
      verdictOf(run),
      doneOf(run),
      ago(run.finished_at ?? run.started_at),
      run.id,
    ]),
  );
  return patterns.length === 0
    ? drawn
    : [drawn, '', bold('Patterns of failures'), ...patterns.map(patternLine)].join('\n');
}

function attemptLines({ attempt, conclusion, jobs, opinion, opinion_note: note }: CiAttempt): string[] {
  const lines = [`attempt ${attempt}: ${clean(conclusion ?? 'running')}`];
  for (const job of jobs) {
    if (job.conclusion !== 'failure' && job.conclusion !== 'timed_out') continue;
    const step = job.failed_step ? dim(` step ${job.failed_step.number} ${clean(job.failed_step.name)}`) : '';
    lines.push(`  ${red('✖')} ${clean(job.name)}${step}`);
    for (const { number, text } of job.lines.slice(0, 12))
      lines.push(`      ${dim(`${number}:`)} ${clean(text)}`);
  }
  if (opinion !== null)
    lines.push(`  ${dim('a model thinks, and nothing is done for it:')} ${clean(opinion)}`);
  if (note !== null) lines.push(`  ${dim(`no model’s opinion: ${clean(note)}`)}`);
  return lines;
}

/** `vigiles github show`. Lines of logs were written by others. */
export function ciRunView({ run, attempts, retries, retry_refusal: refusal }: CiRunDetail): string {
  const { verdict, action } = run;
  return [
    `${ciState(run.state)} ${bold(clean(run.workflow))} ${clean(run.repository)} ${clean(run.branch)} ${dim(clean(run.commit).slice(0, 12))}`,
    dim(clean(run.url)),
    ...(verdict
      ? [
          '',
          `${bold('Verdict')} ${verdict.kind}${verdict.kind === 'unknown' ? '' : ` (${Math.round(verdict.confidence * 100)} % sure, rule ${clean(verdict.rule)})`}`,
          `  ${clean(verdict.reason)}`,
          ...(verdict.line ? [`  ${dim(`${verdict.line.number}:`)} ${clean(verdict.line.text)}`] : []),
        ]
      : []),
    ...(action
      ? [
          '',
          `${bold('Done')} ${action.kind} ${action.state}, by ${clean(action.by_rule)}`,
          `  ${clean(action.reason)}`,
        ]
      : []),
    '',
    ...attempts.flatMap(attemptLines),
    ...retries.map(({ attempt, by, reason, state }) =>
      dim(`re-run for attempt ${attempt} by ${clean(by)}: ${state} (${clean(reason)})`),
    ),
    refusal === null
      ? dim(`Run its failed jobs again: vigiles retry ${clean(run.id)}`)
      : dim(`It cannot be run again now: ${clean(refusal)}`),
  ].join('\n');
}

/** `vigiles github patterns` */
export const patternsView = (patterns: readonly CiPattern[]): string =>
  patterns.length === 0
    ? dim('Nothing has failed.')
    : table(
        [
          { title: 'PATTERN', flexible: true },
          { title: 'REPOSITORY', flexible: true, optional: true },
          { title: 'TIMES', align: 'right' },
          { title: 'TREND' },
          { title: 'HEALED', align: 'right', optional: true },
          { title: 'MANUAL', align: 'right', optional: true },
          { title: 'LAST', align: 'right' },
        ],
        patterns.map((each) => [
          each.pattern,
          each.repository,
          `${each.count}×`,
          each.trend,
          String(each.auto_fixed),
          String(each.manual),
          ago(each.last_at),
        ]),
      );

/** `vigiles github flaky` */
export const flakyView = (tests: readonly FlakyTest[]): string =>
  tests.length === 0
    ? dim('No test is known to be flaky.')
    : table(
        [
          { title: 'TEST', flexible: true },
          { title: 'JOB', flexible: true },
          { title: 'WORKFLOW', flexible: true, optional: true },
          { title: 'FLIPS', align: 'right' },
          { title: 'LAST', align: 'right' },
        ],
        tests.map((each) => [each.test, each.job, each.workflow, String(each.flips), ago(each.last_at)]),
      );

/** `vigiles github health` */
export function githubHealthView(health: GithubHealth, address: string): string {
  const { status, problems, cli, webhook, auth, repo, totals, rate_limit: limit } = health;
  const colour = status === 'ok' ? green : status === 'degraded' ? red : yellow;
  const line = (name: string, text: string) => `  ${dim(name.padEnd(10))} ${text}`;
  return [
    `${bold('GitHub')} ${colour(status)}`,
    ...problems.map((problem) => `  ${red('✖')} ${clean(problem)}`),
    line('signed in', clean(auth.message)),
    line(
      'webhook',
      `${webhook.secret_configured ? 'secret set' : 'no secret'}${webhook.last_received_at === null ? ', nothing received yet' : `, last received ${ago(webhook.last_received_at)}`}${webhook.failed > 0 ? `, ${webhook.failed} failed` : ''}`,
    ),
    line('', dim(`address ${address}/api/v1/github/webhook, set under Settings, Webhooks of the repository`)),
    line('gh', cli.available ? 'available' : clean(cli.error ?? 'not there')),
    line('allowed', clean(repo.allowed.join(', ')) || dim('no repository')),
    ...(limit ? [line('limit', `${limit.remaining} of ${limit.limit} requests left`)] : []),
    line(
      '30 days',
      `${totals.failed} failed, ${totals.auto_fixed} healed, ${totals.manual} by hand${totals.ratio === null ? '' : ` (${Math.round(totals.ratio * 100)} % healed)`}, ${countOf(totals.retries, 're-run')} of ${totals.retry_minutes.toFixed(1)} minutes`,
    ),
  ].join('\n');
}
