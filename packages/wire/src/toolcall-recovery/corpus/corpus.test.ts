import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldOutNegatives } from './held-out-negatives.ts';
import { heldOutPositives } from './held-out-positives.ts';
import { heldOutTools } from './held-out-tools.ts';
import { negatives } from './negatives.ts';
import { positives } from './positives.ts';
import { scoreCorpus, type CorpusReport } from './score.ts';
import { corpusTools } from './tools.ts';

const own = scoreCorpus([...positives, ...negatives], corpusTools);
const heldOut = scoreCorpus([...heldOutPositives, ...heldOutNegatives], heldOutTools, 5);

test('the corpus has at least 400 cases, at least 120 of them without a call; 120 more were held out', () => {
  assert.ok(positives.length + negatives.length >= 400);
  assert.ok(negatives.length >= 120);
  assert.ok(heldOutPositives.length + heldOutNegatives.length >= 120);
});

for (const [name, report] of [
  ['the corpus', own],
  ['the cases that no rule was made with', heldOut],
] as const) {
  test(`of ${name} at least 98 % of the calls of every format are found, and none that is not there`, (t) => {
    for (const [format, { cases, meant, found, false: wrong }] of report.byFormat)
      t.diagnostic(
        `${format}: ${cases} cases, found ${found}/${meant}, missed ${meant - found}, false ${wrong}`,
      );
    const shown = problemsOf(report);
    for (const [format, { meant, found, false: wrong }] of report.byFormat) {
      assert.equal(wrong, 0, `${format}: ${shown}`);
      assert.ok(found >= 0.98 * meant, `${format}: ${shown}`);
    }
  });
}

test('the cases that no rule was made with are read the same however they are cut', () => {
  assert.deepEqual(
    heldOut.problems.filter((problem) => problem.startsWith('cut')),
    [],
  );
});

const problemsOf = ({ problems }: CorpusReport): string => problems.slice(0, 8).join('\n\n');
