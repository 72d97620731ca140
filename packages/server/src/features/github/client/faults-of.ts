import { fault, type Fault } from '../../../kernel/fault.ts';

interface RequestFailure {
  status?: number;
  message?: string;
  response?: { headers?: Record<string, string>; data?: unknown };
}

/** GitHub's own words without the address of its documentation. They are shown, so they are kept short. */
function wordsOf({ response, message }: RequestFailure): string {
  const data = response?.data as { message?: unknown } | undefined;
  const words = typeof data?.message === 'string' ? data.message : (message ?? '');
  return words.replace(/ - https?:\/\/\S+/g, '').slice(0, 300);
}

/**
 * What a refusal of GitHub means here. The limits of re-runs have no code of their own, only words.
 * https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 * @param now UTC ms, for the wait that a rate limit asks for
 */
export function faultOf(thrown: unknown, now: number): Fault {
  const failure = (thrown ?? {}) as RequestFailure;
  const words = wordsOf(failure);
  const headers = failure.response?.headers ?? {};
  const { status } = failure;
  if (!failure.response) {
    const message = words || 'GitHub could not be reached.';
    return fault('upstream', 'github_unreachable', message, { cause: thrown });
  }
  const limited = headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(words) || status === 429;
  if ((status === 403 || status === 429) && limited) {
    const reset = Number(headers['x-ratelimit-reset']) * 1000 - now;
    const after = Number(headers['retry-after']) * 1000;
    const waitMs = [after, reset].find((ms) => Number.isFinite(ms) && ms > 0);
    return fault('rate-limited', 'github_rate_limited', 'GitHub’s rate limit is used up.', {
      retryAfterMs: Math.min(waitMs ?? 60_000, 3_600_000),
    });
  }
  if (status === 401)
    return fault('forbidden', 'github_unauthorized', `GitHub does not accept the credentials: ${words}`);
  if (status === 403 && /already running|in progress|not completed/i.test(words))
    return fault('conflict', 'github_run_in_progress', 'The run is under way still.', { retryable: true });
  if (status === 403 && /month ago|30 days|too old|expired/i.test(words))
    return fault('conflict', 'github_run_too_old', 'GitHub re-runs nothing that is older than 30 days.');
  if (
    status === 403 &&
    /50 (?:times|attempts|re-?runs)|maximum (?:number of )?(?:attempts|re-?runs)|re-?run limit|too many/i.test(
      words,
    )
  )
    return fault('conflict', 'github_rerun_limit', 'GitHub runs nothing more than 50 times.');
  if (status === 403) return fault('forbidden', 'github_forbidden', `GitHub does not allow it: ${words}`);
  if (status === 404)
    return fault(
      'not-found',
      'github_not_found',
      'GitHub does not know it, or the credentials may not see it.',
    );
  if (status === 410) return fault('not-found', 'github_gone', 'GitHub does not have it any more.');
  if (status !== undefined && status >= 500)
    return fault('upstream', 'github_unreachable', `GitHub answered ${status}.`);
  return fault('invalid', 'github_refused', `GitHub refused it (${status ?? 'no status'}): ${words}`);
}
