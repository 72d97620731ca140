import { judge } from '../packages/server/src/features/github/core/verdict/index.ts';
import { sideOf } from '../packages/server/src/features/github/core/verdict/confidence.ts';
import { judgeJob } from '../packages/server/src/features/github/core/verdict/judge-job.ts';
import { ruleSet } from '../packages/server/src/features/github/core/verdict/rule-set.ts';
import {
  labelledCases,
  type LabelledCase,
} from '../packages/server/src/features/github/core/verdict/testing/labelled-case.ts';
import {
  scoreOf,
  wilson,
  type ClassScore,
  type Judged,
} from '../packages/server/src/features/github/core/verdict/testing/score.ts';
import { baseline } from './verdict-baseline.ts';

/**
 * How good verdicts are on the labelled set, per kind, beside a substring search. Usage:
 * node bench/verdict-report.ts [development|held-out|held-out-2|held-out-3] [--wrong] [--calibrate]
 */
const options = process.argv.slice(2);
const asked = options.filter((one) => !one.startsWith('--'));
const parts = (['development', 'held-out', 'held-out-2', 'held-out-3'] as const).filter(
  (part) => asked.length === 0 || asked.includes(part),
);

for (const part of parts) {
  const cases = labelledCases(part);
  const ours = cases.map((labelled) => ({ labelled, verdict: judge(labelled.evidence) }));
  show(`${part}: verdict`, ours);
  show(
    `${part}: substring search (baseline)`,
    cases.map((labelled) => ({ labelled, verdict: baseline(labelled.evidence) })),
  );
  if (options.includes('--calibrate')) calibrate(cases);
  if (options.includes('--wrong'))
    for (const { labelled, verdict } of ours)
      if (labelled.kind !== verdict.kind || labelled.retry !== verdict.retry)
        console.log(
          `  ${labelled.id}: ${labelled.kind}/${labelled.retry} but ${verdict.kind}/${verdict.retry} by ${verdict.rule} ${verdict.confidence}: ${verdict.line?.text.slice(0, 100) ?? '—'} | then ${verdict.runner_up?.rule ?? '—'}`,
        );
}

function show(title: string, judged: readonly Judged[]): void {
  const { cases, right, byKind, confusion, retry, brier } = scoreOf(judged);
  console.log(
    `\n${title}: ${right} of ${cases} kinds right (${percent(right / cases)}), Brier ${brier.toFixed(3)}`,
  );
  console.log(`  ${'kind'.padEnd(16)} there  said right  precision recall`);
  for (const [kind, score] of byKind) console.log(row(kind, score));
  console.log(row('retry', retry));
  console.log(
    `  retry: at least ${percent(wilson(retry.right, retry.said))} of ${retry.said} are right (Wilson, 95 %)`,
  );
  for (const [pair, times] of confusion) console.log(`    ${times}× ${pair}`);
}

function row(name: string, { there, said, right, precision, recall }: ClassScore): string {
  const counts = [there, said, right].map((count) => String(count).padStart(5)).join(' ');
  return `  ${name.padEnd(16)} ${counts}  ${percent(precision).padStart(9)} ${percent(recall).padStart(6)}`;
}

function percent(share: number): string {
  return Number.isNaN(share) ? '—' : `${(share * 100).toFixed(1)} %`;
}

/** For `confidence.ts`: by side and clarity how many kinds are right, of runs with one job. */
function calibrate(cases: readonly LabelledCase[]): void {
  const counts = new Map<string, { right: number; all: number }>();
  for (const { kind, evidence } of cases) {
    const [job, ...others] = evidence.jobs;
    if (!job || others.length > 0) continue;
    const found = judgeJob(job, evidence.history, ruleSet());
    const cell = `${sideOf(found.kind)}-${found.clarity}`;
    const known = counts.get(cell) ?? { right: 0, all: 0 };
    counts.set(cell, { right: known.right + Number(found.kind === kind), all: known.all + 1 });
  }
  for (const cell of [...counts.keys()].toSorted()) {
    const { right, all } = counts.get(cell) ?? { right: 0, all: 0 };
    console.log(`  ${cell.padEnd(18)} ${right} of ${all}: ${((right + 1) / (all + 2)).toFixed(2)}`);
  }
}
