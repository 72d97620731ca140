import { styleText } from 'node:util';
import type { CiRunDetail } from '@vigiles/contract';
import { openGithubRig } from '../../packages/server/src/features/github/testing/github-rig.ts';
import { printTable } from '../faults/table.ts';
import { ciCases } from './cases.ts';

/**
 * `npm run e2e:ci`: sends events as GitHub does to a running Vigiles, and prints how each was judged and answered. The other side
 * is a stand-in that enforces GitHub's rules. Exit code 1 where an answer is not what it must be.
 */
// More re-runs than a day has: the storm guard is not what is shown here.
const rig = await openGithubRig({ github: '  heal: { storm_limit: 100 }' });
const rows = [['event', 'verdict', 'by the line or rule', 'action', 'by rule', 're-runs', '']];
const failures: string[] = [];

/** Waits until it was answered as it must be, or for as long as it takes to be sure that it was not. */
async function settled(id: number, holds: (seen: CiRunDetail) => boolean): Promise<CiRunDetail | null> {
  const deadline = performance.now() + 30_000;
  let seen: CiRunDetail | null = null;
  while (performance.now() < deadline) {
    const answer = await rig.call<CiRunDetail>('GET', `/api/v1/github/runs/${id}`);
    seen = answer.status === 200 ? answer.body : null;
    if (seen && holds(seen)) return seen;
    await new Promise((done) => setTimeout(done, 25));
  }
  return seen;
}

try {
  for (const one of ciCases) {
    rig.github.onRerun((again) => {
      const next = one.next ?? { conclusion: 'success', jobs: [] };
      rig.github.finish(again, next.conclusion, next.jobs);
      void rig.tell(again);
    });
    const run = rig.github.addRun(one.run);
    await one.before?.(rig, run);
    for (const event of one.events ?? ['completed']) await rig.tell(run, event);
    await one.after?.(rig, run);
    const wanted = (seen: CiRunDetail) =>
      seen.run.state === one.state &&
      (seen.run.action?.by_rule ?? 'none') === one.rule &&
      reruns(run.id) === one.reruns &&
      (!one.rests || (seen.run.action?.state === 'waiting' && /rests until/.test(seen.run.action.reason)));
    const seen = await settled(run.id, wanted);
    const right = seen !== null && wanted(seen);
    const verdict = seen?.run.verdict ?? null;
    const line = (verdict?.line?.text ?? verdict?.rule ?? '–').slice(0, 48);
    const action = seen?.run.action;
    rows.push([
      one.title,
      verdict ? `${verdict.kind}${verdict.retry ? ' (retry)' : ''}` : '–',
      line,
      action ? `${action.kind}, ${action.state}` : 'none',
      action?.by_rule ?? 'none',
      String(reruns(run.id)),
      right ? 'ok' : 'FAIL',
    ]);
    if (!right)
      failures.push(`${one.title}: ${seen?.run.state}, ${action?.by_rule}, ${reruns(run.id)} re-runs`);
  }
} finally {
  await rig.close();
}

function reruns(id: number): number {
  return rig.github.count('POST', new RegExp(`/runs/${id}/rerun-failed-jobs$`));
}

printTable(rows);
for (const failure of failures) console.error(`${styleText('red', '✖')} ${failure}`);
console.log(`\n${ciCases.length - failures.length} of ${ciCases.length} events answered as they must be.`);
process.exitCode = failures.length > 0 ? 1 : 0;
