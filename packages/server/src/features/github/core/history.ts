import type { CiAttempt } from '@vigiles/contract';
import type { History } from './verdict/index.ts';

/** An earlier attempt at the same commit. */
export interface Past {
  runId: string;
  attempt: number;
  conclusion: string | null;
  detail: CiAttempt;
}

const lost = /lost communication with the server/i;

const lostSteps = ({ detail }: Past): string[] =>
  detail.jobs
    .filter(({ verdict }) => lost.test(`${verdict?.line?.text ?? ''} ${verdict?.rule ?? ''}`))
    .map(({ name, failed_step }) => `${name}/${failed_step?.name ?? ''}`);

/**
 * What the past of a commit says about a failed attempt. A runner that is lost in the same step again is starved rather than
 * unlucky (actions/runner-images#9823).
 * @param failing job and step of what failed now, as `job/step`
 */
export function historyOf(past: readonly Past[], failing: readonly string[]): History {
  const before = new Set(past.flatMap(lostSteps));
  return {
    same_sha_passed: past.some(({ conclusion }) => conclusion === 'success'),
    same_step_lost_before: failing.some((step) => before.has(step)),
  };
}
