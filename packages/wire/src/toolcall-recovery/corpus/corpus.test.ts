import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recoverText } from '../recover-text.test-support.ts';
import type { CorpusCase } from './case.ts';
import { negatives } from './negatives.ts';
import { positives } from './positives.ts';

interface Score {
  cases: number;
  meant: number;
  found: number;
  false: number;
}

const misses: string[] = [];
const scores = new Map<string, Score>();
for (const each of [...positives, ...negatives]) judge(each);

function judge(each: CorpusCase): void {
  const score = scores.get(each.format) ?? { cases: 0, meant: 0, found: 0, false: 0 };
  scores.set(each.format, score);
  const got = recoverText(each.text).calls.map(
    ({ name, input }) => `${name} ${canonical(JSON.parse(input))}`,
  );
  const wanted = each.calls.map(({ name, args }) => `${name} ${canonical(args)}`);
  score.cases++;
  score.meant += wanted.length;
  for (const call of wanted) {
    const at = got.indexOf(call);
    if (at !== -1) got.splice(at, 1);
    if (at === -1) misses.push(`missed ${call} in ${each.format}/${each.title}\n${each.text}`);
    else score.found++;
  }
  score.false += got.length;
  for (const call of got) misses.push(`false ${call} in ${each.format}/${each.title}\n${each.text}`);
}

function canonical(value: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

test('the corpus has at least 400 cases, at least 120 of them without a call', () => {
  assert.ok(positives.length + negatives.length >= 400);
  assert.ok(negatives.length >= 120);
});

test('at least 98 % of the calls of every format are found, and none that is not there', (t) => {
  for (const [format, { cases, meant, found, false: wrong }] of scores)
    t.diagnostic(
      `${format}: ${cases} cases, found ${found}/${meant}, missed ${meant - found}, false ${wrong}`,
    );
  const shown = misses.slice(0, 8).join('\n\n');
  for (const { meant, found, false: wrong } of scores.values()) {
    assert.equal(wrong, 0, shown);
    assert.ok(found >= meant * 0.98, shown);
  }
});
