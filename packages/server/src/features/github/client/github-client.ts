import type { Result } from '../../../kernel/fault.ts';
import type { RunFacts } from '../core/run-facts.ts';

/** A step of a job. Times are ISO 8601 with a resolution of a second. */
export interface StepFacts {
  number: number;
  name: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
}

/** A job of an attempt. */
export interface JobFacts {
  id: string;
  name: string;
  /** The attempt in which it really ran: jobs that had passed are carried over. */
  attempt: number;
  conclusion: string | null;
  url: string;
  minutes: number;
  steps: StepFacts[];
}

export type AuthKind = 'app' | 'token' | 'gh' | 'none';

export interface RateLimit {
  limit: number;
  remaining: number;
  /** UTC ms. */
  resetAt: number;
}

/**
 * What Vigiles asks of GitHub. Fault codes: `github_no_credentials`, `github_unauthorized`, `github_forbidden`, `github_not_found`,
 * `github_gone`, `github_run_in_progress`, `github_run_too_old`, `github_rerun_limit`, `github_rate_limited`,
 * `github_unreachable`, `github_refused`.
 */
export interface GithubClient {
  auth(): Promise<{ kind: AuthKind; message: string }>;
  /** For git over HTTPS; null without credentials. */
  token(): Promise<string | null>;
  run(repository: string, id: string, signal?: AbortSignal): Promise<Result<RunFacts>>;
  jobs(repository: string, runId: string, attempt: number, signal?: AbortSignal): Promise<Result<JobFacts[]>>;
  /** The log of a job, head and tail where it is long; left-out lines are empty ones, so that numbers stay right. */
  jobLog(repository: string, jobId: string, signal?: AbortSignal): Promise<Result<string>>;
  annotations(repository: string, jobId: string, signal?: AbortSignal): Promise<Result<string[]>>;
  rerunFailed(repository: string, runId: string, signal?: AbortSignal): Promise<Result<void>>;
  /** The newest runs. `etag`: nothing is answered (`runs: null`) when it is as it was. */
  recentRuns(
    repository: string,
    etag: string | null,
    signal?: AbortSignal,
  ): Promise<Result<{ runs: RunFacts[] | null; etag: string | null }>>;
  rateLimit(): RateLimit | null;
}
