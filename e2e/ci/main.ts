import { styleText } from 'node:util';
import type { CiRunDetail } from '@vigiles/contract';
import {
  openGithubRig,
  type GithubRig,
} from '../../packages/server/src/features/github/testing/github-rig.ts';
import { printTable } from '../faults/table.ts';
import { ciCases, stormCases, type CiCase } from './cases.ts';
import { examples, redeliveries, type DeliveryRow } from './examples.ts';

/**
 * `npm run e2e:ci`: sends events as GitHub does to a running Vigiles, and prints how each was judged and answered. The other side
 * is a stand-in that enforces GitHub's rules. Exit code 1 where an answer is not what it must be.
 */
const parts: readonly { limit: number; cases: readonly CiCase[] }[] = [
  // More re-runs than a day has: the storm guard is shown by the cases of its own.
  { limit: 100, cases: ciCases },
  { limit: 2, cases: stormCases },
];
const rows = [['event', 'verdict', 'by the line or rule', 'action', 'by rule', 're-runs', 'told', '']];
const failures: string[] = [];

/** Waits until it was answered as it must be, or for as long as it takes to be sure that it was not. */
async function settled(
  rig: GithubRig,
  id: number,
  holds: (seen: CiRunDetail) => boolean,
): Promise<CiRunDetail | null> {
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

async function show(rig: GithubRig, cases: readonly CiCase[]): Promise<void> {
  for (const one of cases) {
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
      reruns(rig, run.id) === one.reruns &&
      (!one.rests || (seen.run.action?.state === 'waiting' && /rests until/.test(seen.run.action.reason)));
    const seen = await settled(rig, run.id, wanted);
    const told = (await rig.told(run)).length;
    const right = seen !== null && wanted(seen) && (one.told === undefined || one.told === told);
    const verdict = seen?.run.verdict ?? null;
    const line = (verdict?.line?.text ?? verdict?.rule ?? '–').slice(0, 48);
    const action = seen?.run.action;
    rows.push([
      one.title,
      verdict ? `${verdict.kind}${verdict.retry ? ' (retry)' : ''}` : '–',
      line,
      action ? `${action.kind}, ${action.state}` : 'none',
      action?.by_rule ?? 'none',
      String(reruns(rig, run.id)),
      String(told),
      right ? 'ok' : 'FAIL',
    ]);
    if (!right)
      failures.push(
        `${one.title}: ${seen?.run.state}, ${action?.by_rule}, ${reruns(rig, run.id)} re-runs, ${told} notices`,
      );
  }
}

function reruns(rig: GithubRig, id: number): number {
  return rig.github.count('POST', new RegExp(`/runs/${id}/rerun-failed-jobs$`));
}

for (const { limit, cases } of parts) {
  const rig = await openGithubRig({ github: `  heal: { storm_limit: ${limit} }` });
  try {
    await show(rig, cases);
  } finally {
    await rig.close();
  }
}
printTable(rows);
const rig = await openGithubRig();
const deliveries: DeliveryRow[] = [];
try {
  deliveries.push(...(await examples(rig)), ...(await redeliveries(rig)));
} finally {
  await rig.close();
}
console.log('');
printTable([
  ['delivery (GitHub’s own examples as they are)', 'answer', ''],
  ...deliveries.map(({ delivery, answer, right }) => [delivery, answer, right ? 'ok' : 'FAIL']),
]);
for (const { delivery, answer, right } of deliveries) if (!right) failures.push(`${delivery}: ${answer}`);
for (const failure of failures) console.error(`${styleText('red', '✖')} ${failure}`);
const count = ciCases.length + stormCases.length + deliveries.length;
console.log(`\n${count - failures.length} of ${count} events answered as they must be.`);
process.exitCode = failures.length > 0 ? 1 : 0;
