import {
  GithubSyncRequest,
  type ActionRun,
  type CiPattern,
  type CiRun,
  type CiRunDetail,
  type FlakyTest,
  type GithubHealth,
  type GithubSync,
} from '@vigiles/contract';
import { connect } from '../client/api.ts';
import { CliError, exitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { clean } from '../output/clean.ts';
import { say, sayJson } from '../output/print.ts';
import { dim } from '../output/style.ts';
import { ciRunsView, ciRunView, flakyView, githubHealthView, patternsView } from '../views/github.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const runPath = (id: string) => `/api/v1/github/runs/${encodeURIComponent(id)}`;

/** `vigiles github` */
export async function listRunsVerb({ home, json, limit }: Options & { limit: number }): Promise<void> {
  const api = connect(homeOf(home));
  const answer = await api.get<{ runs: CiRun[]; next: unknown }>(`/api/v1/github/runs?limit=${limit}`);
  if (json) return sayJson(answer);
  const { patterns } = await api.get<{ patterns: CiPattern[] }>('/api/v1/github/patterns');
  say(ciRunsView(answer.runs, patterns.slice(0, 5)));
}

/** `vigiles github show <run>` */
export async function showCiRunVerb(id: string, { home, json }: Options): Promise<void> {
  const detail = await connect(homeOf(home)).get<CiRunDetail>(runPath(id));
  if (json) sayJson(detail);
  else say(ciRunView(detail));
}

/** `vigiles github patterns` */
export async function listPatternsVerb({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ patterns: CiPattern[] }>('/api/v1/github/patterns');
  if (json) sayJson(answer);
  else say(patternsView(answer.patterns));
}

/** `vigiles github flaky` */
export async function listFlakyVerb({ home, json }: Options): Promise<void> {
  const answer = await connect(homeOf(home)).get<{ tests: FlakyTest[] }>('/api/v1/github/flaky');
  if (json) sayJson(answer);
  else say(flakyView(answer.tests));
}

/** `vigiles github health`; ends with 4 when something is wrong. */
export async function showGithubHealthVerb({ home, json }: Options): Promise<void> {
  const api = connect(homeOf(home));
  const health = await api.get<GithubHealth>('/api/v1/github/health');
  if (json) sayJson(health);
  else say(githubHealthView(health, api.url));
  if (health.status === 'degraded') throw new CliError('', exitCode.unhealthy);
}

/** `vigiles github sync pull|push`; ends with 1 when it was not possible. */
export async function syncVerb(
  action: string,
  { home, json, dryRun = false }: Options & { dryRun?: boolean },
): Promise<void> {
  const wish = GithubSyncRequest.safeParse({ action, dry_run: dryRun });
  if (!wish.success) throw new CliError('Say pull or push.', exitCode.usage);
  const result = await connect(homeOf(home)).send<GithubSync>('POST', '/api/v1/github/sync', wish.data);
  if (json) sayJson(result);
  else say(clean(`${result.action} ${result.repo} ${result.branch}: ${result.detail}`));
  if (!result.success) throw new CliError('', exitCode.failure);
}

/** `vigiles retry <run>` */
export async function retryVerb(
  id: string,
  { home, json, reason }: Options & { reason: string },
): Promise<void> {
  const api = connect(homeOf(home));
  const answer = await api.send<{ run: CiRun; action: ActionRun }>('POST', `${runPath(id)}/retry`, {
    reason,
  });
  if (json) return sayJson(answer);
  const { run, action } = answer;
  const how =
    action.state === 'awaiting_approval' ? 'waits for a person (needs)' : 'its failed jobs run again';
  say(`${clean(run.workflow)} on ${clean(run.branch)}: ${how} ${dim(`(${clean(action.id)})`)}`);
}
