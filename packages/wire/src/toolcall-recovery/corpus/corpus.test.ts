import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secondNegatives } from './second-negatives.ts';
import { secondPositives } from './second-positives.ts';
import { secondTools } from './second-tools.ts';
import { negatives } from './negatives.ts';
import { positives } from './positives.ts';
import { scoreCorpus, type CorpusReport } from './score.ts';
import { thirdNegatives } from './third-negatives.ts';
import { thirdPositives } from './third-positives.ts';
import { thirdTools } from './third-tools.ts';
import { corpusTools } from './tools.ts';

const own = scoreCorpus([...positives, ...negatives], corpusTools);
const second = scoreCorpus([...secondPositives, ...secondNegatives], secondTools, 5);
const third = scoreCorpus([...thirdPositives, ...thirdNegatives], thirdTools, 5);

test('the corpus has at least 400 cases, at least 120 of them without a call, and two later sets of 120', () => {
  assert.ok(positives.length + negatives.length >= 400);
  assert.ok(negatives.length >= 120);
  assert.ok(secondPositives.length + secondNegatives.length >= 120);
  assert.ok(thirdPositives.length + thirdNegatives.length >= 120);
});

for (const [name, report] of [
  ['the corpus', own],
  ['the second set', second],
  ['the third set', third],
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

test('the later sets are read the same however they are cut', () => {
  assert.deepEqual(
    [...second.problems, ...third.problems].filter((problem) => problem.startsWith('cut')),
    [],
  );
});

const problemsOf = ({ problems }: CorpusReport): string => problems.slice(0, 8).join('\n\n');
