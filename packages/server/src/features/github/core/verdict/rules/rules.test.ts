import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanLine } from '../clean-line.ts';
import { findHits } from '../find-hits.ts';
import { compileRule, decisiveWeight, isOutside, type Rule } from '../rule.ts';
import { indexWords } from '../word-index.ts';
import { rules } from './index.ts';

function holds(rule: Rule, text: string): boolean {
  const set = { rules: [compileRule(rule)], index: indexWords([rule.words]) };
  return findHits([cleanLine(text, 1)], set).length > 0;
}

/** Without regard to the lines around. */
function alone({ near: _near, ...rule }: Rule): Rule {
  return rule;
}

test('each rule has an id of its own, words in lower case and a sentence', () => {
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  for (const { id, words, because } of rules) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(words.length > 0, id);
    for (const word of words) assert.equal(word, word.toLowerCase(), id);
    assert.ok(because.length > 5 && !because.endsWith('.'), id);
  }
});

test('each rule holds for its examples and not for what looks like them', () => {
  const wrong = rules.flatMap((rule) => [
    // Rules that look at other lines, or at GitHub's marks, have their examples in the labelled set.
    ...rule.examples.match
      .filter((text) => !holds(alone(rule), text))
      .map((text) => `${rule.id} misses: ${text}`),
    ...rule.examples.no_match.filter((text) => holds(rule, text)).map((text) => `${rule.id} takes: ${text}`),
  ]);
  assert.deepEqual(wrong, []);
});

test('no rule about what lies outside weighs as much as an error of a compiler, an assertion or a linter', () => {
  for (const rule of rules) {
    if (isOutside(rule)) assert.ok(rule.weight <= 75, rule.id);
    if (rule.retryable) assert.ok(isOutside(rule), `${rule.id} is run again, but its cause is inside`);
    if (rule.kind === 'permission' || rule.kind === 'configuration')
      assert.ok(rule.weight < decisiveWeight, rule.id);
  }
});

test('every rule has an example that it must not match', () => {
  for (const { id, examples } of rules) assert.ok(examples.no_match.length > 0, id);
});
