import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './index.ts';
import { confidenceOf, retryThreshold, type Measured } from './confidence.ts';
import { measured } from './measured.gen.ts';
import { labelledCases, labelledParts } from './testing/labelled-case.ts';
import { measure } from './testing/measure.ts';
import { scoreOf } from './testing/score.ts';
import { wilson } from './wilson.ts';

const parts = labelledParts.map((part) => ({
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

test('how sure a verdict is was counted on the labelled set, by nobody’s hand', () => {
  assert.deepEqual(measure(all.map(({ labelled }) => labelled)), measured);
});

test('a verdict is as sure as its rule was right, and a rule with few cases as its evidence was', () => {
  const counts = (rules: Measured['rules']): Measured => ({
    evidence: { 'outside-clear': [100, 100] },
    rules,
  });
  const sure = (rules: Measured['rules'], rule = 'a') =>
    confidenceOf('infrastructure', 'clear', rule, counts(rules));
  assert.equal(sure({}), Math.round(wilson(100, 100) * 1000) / 1000);
  assert.ok(sure({ a: [30, 30] }) > sure({}));
  assert.ok(sure({ a: [2, 4] }) < retryThreshold, 'a rule that is often wrong runs nothing again');
  assert.equal(confidenceOf('infrastructure', 'contested', 'new', counts({})), 0);
});

test('what nobody claims is not sure at all, and what GitHub concluded is taken as said', () => {
  assert.equal(confidenceOf('unknown', 'none', 'none'), 0);
  assert.equal(confidenceOf('timeout', 'conclusion', 'conclusion-timed-out'), 1);
});

test('verdicts of one sureness are right about as often as they say', () => {
  const said = all.filter(({ verdict }) => verdict.kind !== 'unknown');
  const sureness = said.reduce((sum, { verdict }) => sum + verdict.confidence, 0) / said.length;
  const right = said.filter(({ labelled, verdict }) => labelled.kind === verdict.kind).length / said.length;
  assert.ok(sureness <= right, `${sureness} said, ${right} right`);
  assert.ok(right - sureness < 0.05, `${sureness} said, ${right} right`);
});
