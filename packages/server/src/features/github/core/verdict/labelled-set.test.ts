import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './index.ts';
import { labelledCases } from './testing/labelled-case.ts';
import { scoreOf, wilson } from './testing/score.ts';

const parts = (['development', 'held-out', 'held-out-2', 'held-out-3'] as const).map((part) => ({
  part,
  judged: labelledCases(part).map((labelled) => ({ labelled, verdict: judge(labelled.evidence) })),
}));
const all = parts.flatMap(({ judged }) => judged);

test('the labelled set has at least 300 cases of every kind there is, each with an id of its own', () => {
  assert.ok(all.length >= 300);
  assert.equal(new Set(all.map(({ labelled }) => labelled.id)).size, all.length);
  assert.equal(new Set(all.map(({ labelled }) => labelled.kind)).size, 12);
});

for (const { part, judged } of parts) {
  test(`of the retries asked for in ${part} at least 95 in a hundred are right`, () => {
    const { retry } = scoreOf(judged);
    assert.ok(retry.said > 0);
    assert.ok(retry.precision >= 0.95, `${retry.right} of ${retry.said}`);
  });

  test(`no error of a compiler, linter or assertion is ever run again in ${part}`, () => {
    const again = judged.filter(
      ({ labelled, verdict }) => ['build', 'test', 'lint'].includes(labelled.kind) && verdict.retry,
    );
    assert.deepEqual(
      again.map(({ labelled }) => labelled.id),
      [],
    );
  });
}

test('what all parts together prove about retries is above 95 in a hundred', () => {
  const { retry } = scoreOf(all);
  assert.ok(wilson(retry.right, retry.said) >= 0.95, `${retry.right} of ${retry.said}`);
});

test('nine kinds in ten are right, and every verdict says by which rule', () => {
  const { right, cases } = scoreOf(all);
  assert.ok(right / cases >= 0.9, `${right} of ${cases}`);
  for (const { labelled, verdict } of all)
    assert.equal(verdict.kind === 'unknown', verdict.rule === 'none', labelled.id);
});
