import { secondNegatives } from '../packages/wire/src/toolcall-recovery/corpus/second-negatives.ts';
import { secondPositives } from '../packages/wire/src/toolcall-recovery/corpus/second-positives.ts';
import { secondTools } from '../packages/wire/src/toolcall-recovery/corpus/second-tools.ts';
import { negatives } from '../packages/wire/src/toolcall-recovery/corpus/negatives.ts';
import { positives } from '../packages/wire/src/toolcall-recovery/corpus/positives.ts';
import { scoreCorpus } from '../packages/wire/src/toolcall-recovery/corpus/score.ts';
import { thirdNegatives } from '../packages/wire/src/toolcall-recovery/corpus/third-negatives.ts';
import { thirdPositives } from '../packages/wire/src/toolcall-recovery/corpus/third-positives.ts';
import { thirdTools } from '../packages/wire/src/toolcall-recovery/corpus/third-tools.ts';
import { corpusTools } from '../packages/wire/src/toolcall-recovery/corpus/tools.ts';
import type { Row } from './table.ts';

const least = 98;
const corpora = [
  { name: 'own', cases: [...positives, ...negatives], tools: corpusTools, cuts: 1 },
  { name: 'second', cases: [...secondPositives, ...secondNegatives], tools: secondTools, cuts: 20 },
  { name: 'third', cases: [...thirdPositives, ...thirdNegatives], tools: thirdTools, cuts: 20 },
];

/** The corpus report: calls found, missed and made up, in the cases the rules were made with and in two sets written later. */
export function corpusRows(wanted: (title: string) => boolean): Row[] {
  return corpora
    .filter(({ name }) => wanted(`corpus of calls, ${name}`))
    .flatMap(({ name, cases, tools, cuts }) => {
      const { all, byFormat, problems } = scoreCorpus(cases, tools, cuts);
      console.log(`  corpus of calls, ${name}: format, cases, found, missed, false`);
      for (const [format, score] of byFormat)
        console.log(
          `    ${format.padEnd(14)} ${score.cases} ${score.found} ${score.meant - score.found} ${score.false}`,
        );
      for (const problem of problems) console.log(`    ${problem}`);
      const share = (100 * all.found) / all.meant;
      const counts = `${all.cases} cases, ${all.found} of ${all.meant} calls, each case also in ${cuts} random cuttings`;
      return [
        {
          title: `corpus of calls, ${name}: found, %`,
          measured: share,
          target: `≥ ${least}`,
          met: share >= least && !problems.some((problem) => problem.startsWith('cut')),
          detail: `${counts}; ${all.meant - all.found} missed`,
        },
        {
          title: `corpus of calls, ${name}: false calls`,
          measured: all.false,
          target: '= 0',
          met: all.false === 0,
          detail: counts,
        },
      ];
    });
}
