import { createHash } from 'node:crypto';
import type { GithubConfig } from '@vigiles/contract';
import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';
import { fault, failed, ok, type Result } from '../../../kernel/fault.ts';
import type { Egress } from '../../../platform/egress/index.ts';
import { withoutSecrets } from '../../../platform/secrets/index.ts';
import { readRun, type RunFacts } from '../core/run-facts.ts';
import { findCredentials, type CredentialDeps } from './credentials.ts';
import { egressFetch } from './egress-fetch.ts';
import { faultOf } from './faults-of.ts';
import type { GithubClient, JobFacts, RateLimit } from './github-client.ts';
import { createLogKeeper } from './log-keeper.ts';
import type { GithubOctokit } from './octokit.ts';

export interface ClientDeps extends CredentialDeps {
  config(): GithubConfig;
  egress: Egress;
  clock: Clock;
  version: string;
  /** How long a second is in waits for further tries. */
  secondMs?: number;
}

const text = z.string().max(2000);
const Step = z.object({
  number: z.int(),
  name: text,
  conclusion: text.nullish(),
  started_at: text.nullish(),
  completed_at: text.nullish(),
});
const Job = z.object({
  id: z.int(),
  name: text,
  run_attempt: z.int().nullish(),
  conclusion: text.nullish(),
  html_url: text.nullish(),
  started_at: text.nullish(),
  completed_at: text.nullish(),
  steps: z.array(Step).nullish(),
});
const Jobs = z.object({ total_count: z.int(), jobs: z.array(Job) });

/** More jobs than this of one attempt are not looked at. */
const mostJobs = 300;

const minutesBetween = (from: string | null | undefined, to: string | null | undefined): number => {
  const ms = Date.parse(to ?? '') - Date.parse(from ?? '');
  return Number.isFinite(ms) && ms > 0 ? Math.round(ms / 600) / 100 : 0;
};

const toJob = (job: z.output<typeof Job>, attempt: number): JobFacts => ({
  id: String(job.id),
  name: job.name,
  attempt: job.run_attempt ?? attempt,
  conclusion: job.conclusion ?? null,
  url: job.html_url ?? '',
  minutes: minutesBetween(job.started_at, job.completed_at),
  steps: (job.steps ?? []).map((step) => ({
    number: step.number,
    name: step.name,
    conclusion: step.conclusion ?? null,
    started_at: step.started_at ?? null,
    completed_at: step.completed_at ?? null,
  })),
});

const named = (repository: string) => {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
};
const badAnswer = () =>
  failed(fault('upstream', 'github_unreachable', 'GitHub answered something unexpected.'));

/** GitHub, as far as Vigiles needs it. Signs in anew when the configuration or a secret changes. */
export function createGithubClient(deps: ClientDeps): GithubClient {
  const { config, egress, clock, version, secondMs = 1000 } = deps;
  let limit: RateLimit | null = null;
  let made: { key: string; octokit: GithubOctokit } | null = null;

  function noteLimit(headers: Readonly<Record<string, string>>): void {
    const [most, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      Number(headers[`x-ratelimit-${name}`] ?? 'x'),
    );
    const counts = headers['x-ratelimit-resource'] ?? 'core';
    if (counts !== 'core' || most === undefined || remaining === undefined || reset === undefined) return;
    if ([most, remaining, reset].every(Number.isFinite))
      limit = { limit: most, remaining, resetAt: reset * 1000 };
  }
  const fetch = egressFetch(egress, noteLimit);

  async function connect(): Promise<Result<GithubOctokit>> {
    const { credentials, message } = await findCredentials(deps);
    if (!credentials)
      return failed(
        fault('unavailable', 'github_no_credentials', `GitHub cannot be asked: ${message}.`, {
          retryable: false,
        }),
      );
    const baseUrl = config().api_url;
    const key = createHash('sha256')
      .update(JSON.stringify([baseUrl, credentials]))
      .digest('hex');
    if (made?.key !== key) {
      const { createOctokit } = await import('./octokit.ts');
      const userAgent = `vigiles/${version}`;
      made = { key, octokit: createOctokit({ baseUrl, credentials, fetch, userAgent, id: key, secondMs }) };
    }
    return ok(made.octokit);
  }

  async function asked<T>(work: (octokit: GithubOctokit) => Promise<Result<T>>): Promise<Result<T>> {
    const connected = await connect();
    if (!connected.ok) return connected;
    try {
      return await work(connected.value);
    } catch (thrown) {
      const fault = faultOf(thrown, clock.now());
      return failed({ ...fault, message: await unsaid(fault.message) });
    }
  }
  /** GitHub's words without what it was shown. */
  async function unsaid(words: string): Promise<string> {
    const { credentials } = await findCredentials(deps);
    if (!credentials) return words;
    return withoutSecrets(words, [credentials.kind === 'app' ? credentials.privateKey : credentials.token]);
  }
  const following = (signal: AbortSignal | undefined) => (signal ? { request: { signal } } : {});

  return {
    async auth() {
      const { kind, message } = await findCredentials(deps);
      return { kind, message };
    },

    async token() {
      const connected = await connect();
      if (!connected.ok) return null;
      const auth = (await connected.value.auth({ type: 'installation' }).catch(() => null)) as {
        token?: unknown;
      } | null;
      return typeof auth?.token === 'string' ? auth.token : null;
    },

    run: (repository, id, signal) =>
      asked(async (octokit) => {
        const answer = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
          ...named(repository),
          run_id: Number(id),
          ...following(signal),
        });
        const run = readRun(answer.data, repository);
        return run ? ok(run) : badAnswer();
      }),

    jobs: (repository, runId, attempt, signal) =>
      asked(async (octokit) => {
        const found: JobFacts[] = [];
        for (let page = 1; found.length < mostJobs; page += 1) {
          const answer = await octokit.request(
            'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
            {
              ...named(repository),
              run_id: Number(runId),
              attempt_number: attempt,
              per_page: 100,
              page,
              ...following(signal),
            },
          );
          const parsed = Jobs.safeParse(answer.data);
          if (!parsed.success) return badAnswer();
          found.push(...parsed.data.jobs.map((job) => toJob(job, attempt)));
          if (parsed.data.jobs.length < 100 || found.length >= parsed.data.total_count) break;
        }
        return ok(found);
      }),

    jobLog: (repository, jobId, signal) =>
      asked(async (octokit) => {
        const answer = await octokit.request('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', {
          ...named(repository),
          job_id: Number(jobId),
          request: { redirect: 'manual', ...(signal ? { signal } : {}) },
        });
        // It lies elsewhere, at an address that is its own credential: ours do not go along.
        const { location } = answer.headers;
        if (location === undefined) return ok(typeof answer.data === 'string' ? answer.data : '');
        const keeper = createLogKeeper(config().max_log_mb * 1_048_576);
        const log = await egress.fetch({
          url: new URL(location, config().api_url).href,
          reach: 'configured',
          take: keeper.take,
          ...(signal ? { signal } : {}),
        });
        if (!log.ok)
          return failed(
            fault('upstream', 'github_unreachable', 'The log could not be read.', { cause: log.fault }),
          );
        if (log.value.status === 404 || log.value.status === 410)
          return failed(fault('not-found', 'github_gone', 'GitHub does not have the log any more.'));
        if (log.value.status !== 200)
          return failed(
            fault('upstream', 'github_unreachable', `The log was answered with ${log.value.status}.`),
          );
        return ok(keeper.text());
      }),

    annotations: (repository, jobId, signal) =>
      asked(async (octokit) => {
        const answer = await octokit.request(
          'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
          {
            ...named(repository),
            check_run_id: Number(jobId),
            per_page: 50,
            ...following(signal),
          },
        );
        const parsed = z.array(z.object({ message: z.string().nullish() })).safeParse(answer.data);
        if (!parsed.success) return badAnswer();
        return ok(parsed.data.flatMap(({ message }) => (message ? [message.slice(0, 2000)] : [])));
      }),

    rerunFailed: (repository, runId, signal) =>
      asked(async (octokit) => {
        await octokit.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs', {
          ...named(repository),
          run_id: Number(runId),
          // Asked twice it would run twice: where no answer came, the run itself is looked at instead.
          request: { retries: 0, ...(signal ? { signal } : {}) },
        });
        return ok(undefined);
      }),

    recentRuns: (repository, etag, signal) =>
      asked(async (octokit): Promise<Result<{ runs: RunFacts[] | null; etag: string | null }>> => {
        try {
          const answer = await octokit.request('GET /repos/{owner}/{repo}/actions/runs', {
            ...named(repository),
            per_page: 50,
            headers: etag === null ? {} : { 'if-none-match': etag },
            ...following(signal),
          });
          const parsed = z.object({ workflow_runs: z.array(z.unknown()) }).safeParse(answer.data);
          if (!parsed.success) return badAnswer();
          const runs = parsed.data.workflow_runs.flatMap((run): RunFacts[] => {
            const read = readRun(run, repository);
            return read ? [read] : [];
          });
          return ok({ runs, etag: answer.headers.etag ?? null });
        } catch (thrown) {
          if ((thrown as { status?: number }).status === 304) return ok({ runs: null, etag });
          throw thrown;
        }
      }),

    rateLimit: () => limit,
  };
}
