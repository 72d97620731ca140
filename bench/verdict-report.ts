import { judge } from '../packages/server/src/features/github/core/verdict/index.ts';
import {
  labelledCases,
  labelledParts,
  type LabelledCase,
} from '../packages/server/src/features/github/core/verdict/testing/labelled-case.ts';
import { measure } from '../packages/server/src/features/github/core/verdict/testing/measure.ts';
import {
  scoreOf,
  type ClassScore,
  type Judged,
} from '../packages/server/src/features/github/core/verdict/testing/score.ts';
import { wilson } from '../packages/server/src/features/github/core/verdict/wilson.ts';
import { baseline } from './verdict-baseline.ts';

/**
 * How good verdicts are on the labelled set, per kind, beside a substring search. Usage:
 * node bench/verdict-report.ts [development|held-out|held-out-2|held-out-3|held-out-4] [--wrong] [--calibrate]
 */
const options = process.argv.slice(2);
const asked = options.filter((one) => !one.startsWith('--'));
const parts = labelledParts.filter((part) => asked.length === 0 || asked.includes(part));

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

/** What `confidence.ts` stands on: by evidence and by rule, how often each is right in this part. */
function calibrate(cases: readonly LabelledCase[]): void {
  const { evidence, rules } = measure(cases);
  for (const [name, [right, said]] of [...Object.entries(evidence), ...Object.entries(rules)])
    console.log(`  ${name.padEnd(28)} ${right} of ${said}, at least ${percent(wilson(right, said))}`);
}
